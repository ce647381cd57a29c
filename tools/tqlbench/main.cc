#include "tools/tqlbench/run.h"

int main(int argc, char** argv) { return tqlbench::Run(argc, argv); }
