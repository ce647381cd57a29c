// Answers cases of tests/data/temporal by the C library: lines "hint TAB text" from standard input
// become "hint TAB text TAB result"; see tests/data/temporal/README.md. Other lines are copied.
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Undoes \t, \n and \\ in place.
static void Unescape(char* text) {
  char* out = text;
  for (const char* in = text; *in != '\0'; ++in) {
    if (*in == '\\' && in[1] != '\0') {
      ++in;
      *out++ = (char)(*in == 't' ? '\t' : *in == 'n' ? '\n' : *in);
    } else {
      *out++ = *in;
    }
  }
  *out = '\0';
}

static struct tm Unset(int month, int day) {
  struct tm fields;
  memset(&fields, 0, sizeof fields);
  fields.tm_year = 70;
  fields.tm_mon = month;
  fields.tm_mday = day;
  fields.tm_yday = -1;
  return fields;
}

static int Parse(const char* hint, const char* text, struct tm* fields) {
  const char* end = strptime(text, hint, fields);
  return end != NULL && *end == '\0';
}

static int DaysInYear(int year) {
  return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 366 : 365;
}

// Whether the text is read, and its date exists. Fields that it does not set are those of
// 1970-01-01 00:00:00; which they are is seen from a second run that begins with other ones. A day
// of the year counts where the month or the day is not set, also beside the name of a weekday,
// where strptime leaves it in tm_yday.
static int Read(const char* hint, const char* text, struct tm* fields) {
  struct tm other = Unset(5, 17);
  *fields = Unset(0, 1);
  if (!Parse(hint, text, fields) || !Parse(hint, text, &other)) return 0;
  const int year = fields->tm_year + 1900;
  if (year < 1 || year > 9999) return 0;
  const int month_set = fields->tm_mon == other.tm_mon;
  const int day_set = fields->tm_mday == other.tm_mday;
  const int year_day_set = fields->tm_yday == other.tm_yday && fields->tm_yday != -1;
  if (!(month_set && day_set) && year_day_set) {
    if (fields->tm_yday < 0 || fields->tm_yday >= DaysInYear(year)) return 0;
    struct tm day = Unset(0, fields->tm_yday + 1);
    day.tm_year = fields->tm_year;
    timegm(&day);
    if (!month_set) fields->tm_mon = day.tm_mon;
    if (!day_set) fields->tm_mday = day.tm_mday;
  }
  if (fields->tm_mon < 0 || fields->tm_mon > 11) return 0;
  struct tm date = *fields;
  date.tm_hour = date.tm_min = date.tm_sec = 0;
  timegm(&date);
  return date.tm_mon == fields->tm_mon && date.tm_mday == fields->tm_mday;
}

static void Answer(char* hint, char* text) {
  if (*text == '@') {
    struct tm fields;
    memset(&fields, 0, sizeof fields);
    strptime(text + 1, "%Y-%m-%d %H:%M:%S", &fields);
    const time_t moment = timegm(&fields);
    char out[1024];
    out[strftime(out, sizeof out, hint, gmtime(&moment))] = '\0';
    for (const char* c = out; *c != '\0'; ++c) {
      if (*c == '\n')
        fputs("\\n", stdout);
      else if (*c == '\t')
        fputs("\\t", stdout);
      else
        putchar(*c);
    }
    putchar('\n');
    return;
  }
  struct tm fields;
  int read = Read(hint, text, &fields);
  if (!read) {  // blanks at the ends may be left over
    char* begin = text;
    while (isspace((unsigned char)*begin)) ++begin;
    char* end = begin + strlen(begin);
    while (end > begin && isspace((unsigned char)end[-1])) *--end = '\0';
    read = Read(hint, begin, &fields);
  }
  if (!read) {
    puts("refused");
    return;
  }
  printf("%04d-%02d-%02d %02d:%02d:%02d", fields.tm_year + 1900, fields.tm_mon + 1, fields.tm_mday,
         fields.tm_hour, fields.tm_min, fields.tm_sec);
  if (fields.tm_gmtoff != 0) printf(" %+ld", fields.tm_gmtoff);
  putchar('\n');
}

int main(void) {
  setenv("TZ", "UTC", 1);
  tzset();
  char line[4096];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    char* tab = strchr(line, '\t');
    if (tab == NULL) {
      puts(line);
      continue;
    }
    char* const rest = strchr(tab + 1, '\t');
    if (rest != NULL) *rest = '\0';
    printf("%s\t", line);
    *tab = '\0';
    char* const text = tab + 1;
    Unescape(line);
    Unescape(text);
    Answer(line, text);
  }
  return 0;
}
