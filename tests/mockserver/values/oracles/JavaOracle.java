import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Answers cases of tests/data/temporal by java.time: lines "hint TAB text" from standard input become
 * "hint TAB text TAB result"; see tests/data/temporal/README.md. Other lines are copied.
 */
public class JavaOracle {
  static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); ++i) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        c = text.charAt(++i);
        c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
      }
      out.append(c);
    }
    return out.toString();
  }

  static DateTimeFormatterBuilder pattern(String hint) {
    // By itself: defaults that are added to it must not be part of its last optional section.
    DateTimeFormatter whole =
        new DateTimeFormatterBuilder().appendPattern(hint).toFormatter(Locale.ENGLISH);
    return new DateTimeFormatterBuilder().append(whole);
  }

  static DateTimeFormatter finish(DateTimeFormatterBuilder builder) {
    return builder.toFormatter(Locale.ENGLISH).withChronology(IsoChronology.INSTANCE)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  static boolean has(TemporalAccessor fields, ChronoField... any) {
    for (ChronoField field : any) {
      if (fields.isSupported(field)) {
        return true;
      }
    }
    return false;
  }

  /** The result of a text, or null. What it does not set is 1970-01-01 00:00:00, of the common era. */
  static String read(String hint, String text) {
    ParsePosition position = new ParsePosition(0);
    TemporalAccessor fields = finish(pattern(hint)).parseUnresolved(text, position);
    if (fields == null || position.getErrorIndex() >= 0 || position.getIndex() != text.length()) {
      return null;
    }
    DateTimeFormatterBuilder builder = pattern(hint);
    boolean date = has(fields, ChronoField.YEAR, ChronoField.YEAR_OF_ERA,
        ChronoField.MONTH_OF_YEAR, ChronoField.DAY_OF_MONTH, ChronoField.DAY_OF_YEAR);
    if (date) {
      builder.parseDefaulting(ChronoField.ERA, 1);
      if (!has(fields, ChronoField.YEAR, ChronoField.YEAR_OF_ERA)) {
        builder.parseDefaulting(ChronoField.YEAR, 1970);
      }
      if (!has(fields, ChronoField.DAY_OF_YEAR)) {
        builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1);
        builder.parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
      }
    }
    if (has(fields, ChronoField.HOUR_OF_AMPM, ChronoField.CLOCK_HOUR_OF_AMPM)) {
      if (!has(fields, ChronoField.HOUR_OF_DAY, ChronoField.CLOCK_HOUR_OF_DAY)) {
        builder.parseDefaulting(ChronoField.AMPM_OF_DAY, 0);
      }
    } else if (!has(fields, ChronoField.HOUR_OF_DAY, ChronoField.CLOCK_HOUR_OF_DAY)) {
      builder.parseDefaulting(ChronoField.HOUR_OF_DAY, 0);
    }
    builder.parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0);
    builder.parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0);
    try {
      TemporalAccessor parsed = finish(builder).parse(text);
      LocalDate day = date ? LocalDate.from(parsed) : LocalDate.EPOCH;
      LocalTime time = LocalTime.from(parsed);
      if (day.getYear() < 1 || day.getYear() > 9999) {
        return null;
      }
      String out = String.format("%04d-%02d-%02d %02d:%02d:%02d", day.getYear(),
          day.getMonthValue(), day.getDayOfMonth(), time.getHour(), time.getMinute(),
          time.getSecond());
      int offset = has(parsed, ChronoField.OFFSET_SECONDS)
          ? parsed.get(ChronoField.OFFSET_SECONDS) : 0;
      return offset == 0 ? out : out + String.format(" %+d", offset);
    } catch (DateTimeException e) {
      return null;
    }
  }

  static String answer(String hint, String text) {
    try {
      finish(pattern(hint));
    } catch (IllegalArgumentException e) {
      return "invalid";
    }
    if (text.startsWith("@")) {
      LocalDateTime moment = LocalDateTime.parse(text.substring(1).replace(' ', 'T'));
      return finish(pattern(hint)).format(moment.atOffset(ZoneOffset.UTC));
    }
    String result = read(hint, text);
    if (result == null) {  // blanks at the ends may be left over
      result = read(hint, text.strip());
    }
    return result == null ? "refused" : result;
  }

  public static void main(String[] args) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] cells = line.split("\t", -1);
      if (cells.length < 2) {
        out.print(line + "\n");
        continue;
      }
      String result = answer(unescape(cells[0]), unescape(cells[1]));
      out.print(cells[0] + "\t" + cells[1] + "\t" + result + "\n");
    }
    out.flush();
  }
}
