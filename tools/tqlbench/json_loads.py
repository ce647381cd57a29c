"""The peer of the decoder: json.loads over every line of a file.

Run as: json_loads.py FILE. For each line on standard input it decodes the file once and prints the
seconds that took and the number of rows.
"""
import json
import sys
import time


def main():
    with open(sys.argv[1], "rb") as file:
        lines = file.read().splitlines()
    for _ in sys.stdin:
        rows = 0
        start = time.perf_counter()
        for line in lines:
            rows += len(json.loads(line)["result"]["table"]["rows"])
        print(time.perf_counter() - start, rows, flush=True)


if __name__ == "__main__":
    main()
