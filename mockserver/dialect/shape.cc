#include "mockserver/dialect/shape.h"

#include "mockserver/dialect/printer_impl.h"
#include "proto/base/utf8.h"

namespace tql::dialect {

Shape ShapeOf(const Statement& statement) {
  Shape shape;
  Output out(&shape.literals, kMaxShapeBytes);
  Append(out, statement);
  shape.text = std::move(out.text());
  shape.truncated = shape.text.size() > kMaxShapeBytes;
  // A name or a hint may contain characters of several bytes.
  if (shape.truncated) shape.text.resize(base::Utf8Floor(shape.text, kMaxShapeBytes));
  return shape;
}

}  // namespace tql::dialect
