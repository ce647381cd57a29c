// Patterns of Java's SimpleDateFormat, which the vendor's documentation uses beside strftime's.
#ifndef TQLKIT_MOCKSERVER_PLAN_JAVA_DATE_FORMAT_H_
#define TQLKIT_MOCKSERVER_PLAN_JAVA_DATE_FORMAT_H_

#include <string>
#include <string_view>

namespace tql::plan {

/// Whether the format has letters and no '%': then it is taken as Java's.
bool LooksLikeJavaDateFormat(std::string_view format);
/// The same in strptime's codes; what is not understood stays as it is.
std::string FromJavaDateFormat(std::string_view format);

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_JAVA_DATE_FORMAT_H_
