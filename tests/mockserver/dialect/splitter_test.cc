#include "mockserver/dialect/splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/mockserver/dialect/case_file.h"

namespace tql::dialect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Piece {
  std::string text;
  std::string preamble;
  TextPlace place;
  bool terminated;
  friend bool operator==(const Piece&, const Piece&) = default;
};

Piece PieceOf(const ScriptStatement& s) {
  return {std::string(s.text), std::string(s.preamble), s.place, s.terminated};
}

std::vector<Piece> Split(std::string_view script, ScriptRules rules = ScriptRules::kTql) {
  std::vector<Piece> out;
  ScriptSplitter splitter(script, rules);
  while (const auto statement = splitter.Next()) {
    out.push_back(PieceOf(*statement));
    EXPECT_EQ(script.substr(statement->place.offset, statement->text.size()), statement->text);
    EXPECT_EQ(PlaceOf(script, statement->place.offset), statement->place);
  }
  EXPECT_FALSE(splitter.Next().has_value());
  return out;
}

std::vector<std::string> Texts(std::string_view script, ScriptRules rules = ScriptRules::kTql) {
  std::vector<std::string> out;
  for (const Piece& piece : Split(script, rules)) out.push_back(piece.text);
  return out;
}

enum class Preambles { kKept, kDropped };

std::vector<Piece> SplitInChunks(std::string_view script, std::vector<std::size_t> cuts,
                                 Preambles preambles = Preambles::kKept,
                                 ScriptRules rules = ScriptRules::kTql) {
  std::vector<Piece> out;
  IncrementalSplitter splitter(Backslash::kText, rules);
  const auto drain = [&] {
    while (const auto statement = splitter.Next()) out.push_back(PieceOf(*statement));
    if (preambles == Preambles::kDropped) splitter.DropPreamble();
  };
  std::size_t begin = 0;
  cuts.push_back(script.size());
  for (const std::size_t cut : cuts) {
    splitter.Feed(script.substr(begin, cut - begin));
    drain();
    begin = cut;
  }
  splitter.Finish();
  drain();
  EXPECT_FALSE(splitter.Next().has_value());
  return out;
}

std::vector<Piece> WithoutPreambles(std::vector<Piece> pieces) {
  for (Piece& piece : pieces) piece.preamble.clear();
  return pieces;
}

// All lexical constructs in all relevant combinations.
constexpr std::string_view kScript =
    "\xEF\xBB\xBF-- first; comment\n"
    "create table \"a;b\"\"c;\" (\n  x int -- y; z\n, y varchar(0));\n"
    ";;  /* only; a comment */ ;\n"
    "insert into t values ('it''s;', '--', '/*'); /* a * / ** */ select 1-1/1;\n"
    "alter table t modify column d date [parsinghint=\"%Y;%m\"];;\n"
    "select '\n;\n' /* x */ -- y\n;\nselect 2 -- no end";

TEST(Splitter, StringsNamesAndComments) {
  EXPECT_THAT(Texts(kScript),
              ElementsAre("create table \"a;b\"\"c;\" (\n  x int -- y; z\n, y varchar(0))",
                          "insert into t values ('it''s;', '--', '/*')", "select 1-1/1",
                          "alter table t modify column d date [parsinghint=\"%Y;%m\"]",
                          "select '\n;\n'", "select 2"));
}

TEST(Splitter, PostgresStrings) {
  const auto texts = [](std::string_view script) { return Texts(script, ScriptRules::kPostgres); };
  EXPECT_THAT(texts(kScript), testing::ElementsAreArray(Texts(kScript)));
  EXPECT_THAT(texts(R"(E'\\';e'\';';(E'a''b\';c');E'''\\\';';d)"),
              ElementsAre(R"(E'\\')", R"(e'\';')", R"((E'a''b\';c'))", R"(E'''\\\';')", "d"));
  EXPECT_THAT(texts("$$;$$;$a1$;$$;$A1$;$a1$;$é$;$é$;1"),
              ElementsAre("$$;$$", "$a1$;$$;$A1$;$a1$", "$é$;$é$", "1"));
  // None of these is a dollar-quoted string.
  EXPECT_THAT(
      texts(R"('\';name'\';E '\';a$$;b$$;$1$;$1$;$a b$;$)"),
      ElementsAre(R"('\')", R"(name'\')", R"(E '\')", "a$$", "b$$", "$1$", "$1$", "$a b$", "$"));
  // After a number or a parameter they are.
  EXPECT_THAT(texts("1$$;$$;$1$$;$$;2.5$a$;$a$"), ElementsAre("1$$;$$", "$1$$;$$", "2.5$a$;$a$"));
  // Unterminated strings.
  EXPECT_THAT(texts(R"(1;E'a;\)"), ElementsAre("1", R"(E'a;\)"));
  EXPECT_THAT(texts("1;$a$ ; $a"), ElementsAre("1", "$a$ ; $a"));
  // Under TQL's rules they are ordinary text.
  EXPECT_THAT(Texts(R"($$;$$;E'\';e)"), ElementsAre("$$", "$$", R"(E'\')", "e"));
}

TEST(Splitter, CarriageReturnsEndLineComments) {
  constexpr std::string_view kText = "delete from t -- x;\rwhere a = 1;-- y\r\n;b -- c\r;d";
  const std::vector<std::string> expected = {"delete from t -- x;\rwhere a = 1", "b", "d"};
  EXPECT_EQ(Texts(kText), expected);
  EXPECT_EQ(Texts(kText, ScriptRules::kPostgres), expected);
}

// The expected results were determined with psql of PostgreSQL 15.
TEST(Splitter, PostgresComments) {
  const auto texts = [](std::string_view script) { return Texts(script, ScriptRules::kPostgres); };
  EXPECT_THAT(texts("delete from nz /* old: /* x */ ; see */ where a = 1;b"),
              ElementsAre("delete from nz /* old: /* x */ ; see */ where a = 1", "b"));
  EXPECT_THAT(texts("/* /* ; */ ; */ a; /*/*/ ; */ ; */ b; /* ***/ c; /*/**/*/ d;"),
              ElementsAre("a", "b", "c", "d"));
  // Also within an operator.
  EXPECT_THAT(texts("1 *-- ;\n2; 1 @/* ; */ 2; 1 <--;\n2; 1 - -1;"),
              ElementsAre("1 *-- ;\n2", "1 @/* ; */ 2", "1 <--;\n2", "1 - -1"));
  // Under TQL's rules comments do not nest.
  EXPECT_THAT(Texts("a /* /* */ ; */ b;"), ElementsAre("a", "*/ b"));
  // PostgreSQL does not treat a vertical tab as whitespace.
  EXPECT_THAT(texts("\v;a\f;"), ElementsAre("\v", "a"));
}

TEST(Splitter, PostgresContinuedStrings) {
  const auto texts = [](std::string_view script) { return Texts(script, ScriptRules::kPostgres); };
  EXPECT_THAT(texts("E'a'\n'\\';';b"), ElementsAre("E'a'\n'\\';'", "b"));
  EXPECT_THAT(texts("E'a' -- ';\r \n'\\';';b"), ElementsAre("E'a' -- ';\r \n'\\';'", "b"));
  // Not on the same line, after another token, after a block comment, or after a plain string.
  EXPECT_THAT(texts("E'a' '\\';b"), ElementsAre("E'a' '\\'", "b"));
  EXPECT_THAT(texts("E'a'\n+'\\';b"), ElementsAre("E'a'\n+'\\'", "b"));
  EXPECT_THAT(texts("E'a'/**/\n'\\';b"), ElementsAre("E'a'/**/\n'\\'", "b"));
  EXPECT_THAT(texts("'a'\n'\\';b"), ElementsAre("'a'\n'\\'", "b"));
  EXPECT_THAT(texts(R"(U&'\';u&"\";B'\';X'\';N'\';xE'\';$e'\';';a)"),
              ElementsAre(R"(U&'\')", R"(u&"\")", R"(B'\')", R"(X'\')", R"(N'\')", R"(xE'\')",
                          R"($e'\';')", "a"));
}

TEST(Splitter, PostgresNestedSemicolons) {
  const auto texts = [](std::string_view script) { return Texts(script, ScriptRules::kPostgres); };
  constexpr std::string_view kRule = "create rule r as on insert to t do (delete from u; select 1)";
  EXPECT_THAT(texts(std::string(kRule) + ";a"), ElementsAre(kRule, "a"));
  EXPECT_THAT(texts("a);b;(c;d"), ElementsAre("a)", "b", "(c;d"));
  constexpr std::string_view kFunction =
      "create or replace function f() begin atomic delete from t; "
      "select case when a then 1 end; end";
  EXPECT_THAT(texts(std::string(kFunction) + ";a"), ElementsAre(kFunction, "a"));
  EXPECT_THAT(texts("begin;a;end;create table function begin;b"),
              ElementsAre("begin", "a", "end", "create table function begin", "b"));
}

TEST(IncrementalSplitter, EveryCutPostgres) {
  constexpr std::string_view kText =
      "-- a\r/* /* ; */*/ E'\\';' -- b\n '\\';';$a$ ; $$a$; 1$$;$$/**/;U&\";\";(;);12e'a';"
      "create procedure p() begin;end;E'x''\\';'; /* /* */";
  const std::vector<Piece> expected = Split(kText, ScriptRules::kPostgres);
  ASSERT_EQ(expected.size(), 9U);
  for (const Preambles preambles : {Preambles::kKept, Preambles::kDropped}) {
    for (std::size_t i = 0; i <= kText.size(); ++i) {
      for (std::size_t j = i; j <= kText.size(); ++j) {
        std::vector<Piece> pieces = SplitInChunks(kText, {i, j}, preambles, ScriptRules::kPostgres);
        if (preambles == Preambles::kDropped) {
          ASSERT_EQ(WithoutPreambles(pieces), WithoutPreambles(expected)) << i << ' ' << j;
        } else {
          ASSERT_EQ(pieces, expected) << i << ' ' << j;
        }
      }
    }
  }
}

TEST(IncrementalSplitter, RulesMayChangeBetweenStatements) {
  IncrementalSplitter splitter;
  splitter.Feed("a /* /* */;b /* /* ; */ */;c");
  EXPECT_EQ(splitter.Next()->text, "a");
  splitter.set_rules(ScriptRules::kPostgres);
  EXPECT_EQ(splitter.Next()->text, "b");
}

TEST(Splitter, PreambleAndPlace) {
  const std::vector<Piece> pieces = Split("/* guid */\nuse a;;\n -- b\n  use b");
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0], (Piece{"use a", "/* guid */\n", {11, 2, 1}, true}));
  EXPECT_EQ(pieces[1], (Piece{"use b", ";\n -- b\n  ", {27, 4, 3}, false}));
}

TEST(Splitter, SkipsEmptyStatements) {
  for (const char* script : {"", " \n", ";", ";;;", "-- x", "/* x */;", "\xEF\xBB\xBF"}) {
    EXPECT_THAT(Texts(script), IsEmpty()) << script;
  }
  EXPECT_THAT(Texts("-"), ElementsAre("-"));
  EXPECT_THAT(Texts("a/"), ElementsAre("a/"));
  EXPECT_THAT(Texts("'open;"), ElementsAre("'open;"));
  EXPECT_THAT(Texts("\"open;"), ElementsAre("\"open;"));
}

TEST(IncrementalSplitter, EveryCut) {
  const std::vector<Piece> expected = Split(kScript);
  for (std::size_t i = 0; i <= kScript.size(); ++i) {
    EXPECT_EQ(SplitInChunks(kScript, {i}), expected) << i;
    for (std::size_t j = i; j <= kScript.size(); ++j) {
      ASSERT_EQ(SplitInChunks(kScript, {i, j}), expected) << i << ' ' << j;
    }
  }
}

TEST(IncrementalSplitter, OneByteAtATime) {
  const std::string script = ReadData("script.tql");
  for (const std::string_view text : {std::string_view(script), kScript}) {
    std::vector<std::size_t> cuts;
    for (std::size_t i = 1; i < text.size(); ++i) cuts.push_back(i);
    EXPECT_EQ(SplitInChunks(text, cuts), Split(text));
  }
}

TEST(IncrementalSplitter, BoundsBuffer) {
  IncrementalSplitter splitter;
  for (int i = 0; i < 1000; ++i) {
    splitter.Feed("select 1;\nsel");
    while (splitter.Next()) {
    }
    EXPECT_LE(splitter.pending_bytes(), 4U);
    splitter.Feed("ect 2;");
    while (splitter.Next()) {
    }
    EXPECT_EQ(splitter.pending_bytes(), 0U);
  }
}

TEST(IncrementalSplitter, DropPreamble) {
  IncrementalSplitter splitter;
  for (int i = 0; i < 1000; ++i) {
    splitter.Feed(" \n/* begun");
    EXPECT_EQ(splitter.Next(), std::nullopt);
    splitter.DropPreamble();
    splitter.Feed(" and *");
    EXPECT_EQ(splitter.Next(), std::nullopt);
    splitter.DropPreamble();
    EXPECT_EQ(splitter.pending_bytes(), std::string_view("/* begun and *").size());
    splitter.Feed("/\n-- one\n-");
    EXPECT_EQ(splitter.Next(), std::nullopt);
    splitter.DropPreamble();
    EXPECT_LE(splitter.pending_bytes(), 1U);
    splitter.Feed("- two\n");
    EXPECT_EQ(splitter.Next(), std::nullopt);
    splitter.DropPreamble();
    EXPECT_EQ(splitter.pending_bytes(), 0U);
  }
  splitter.Feed("  select '");
  EXPECT_EQ(splitter.Next(), std::nullopt);
  splitter.DropPreamble();
  splitter.Feed("1';");
  const auto statement = splitter.Next();
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->text, "select '1'");
  EXPECT_EQ(statement->place.line, 4001U);
  EXPECT_EQ(statement->place.column, 3U);
}

TEST(Splitter, PlacesCountCharacters) {
  const std::string script = "select '\u00e9\u672c'; select\n '\U0001F600', 2 \\g\n;";
  for (std::size_t cut = 0; cut <= script.size(); ++cut) {
    IncrementalSplitter splitter(Backslash::kCommand);
    splitter.Feed(script.substr(0, cut));
    std::optional<ScriptStatement> statement = splitter.Next();
    splitter.Feed(script.substr(cut));
    splitter.Finish();
    if (!statement) statement = splitter.Next();
    ASSERT_TRUE(statement);
    statement = splitter.Next();
    ASSERT_TRUE(statement);
    EXPECT_EQ(statement->command, "\\g") << cut;
    EXPECT_EQ(statement->place, (TextPlace{34, 2, 9})) << cut;
    EXPECT_EQ(statement->begun, (TextPlace{16, 1, 14})) << cut;
  }
}

TEST(Splitter, ManyStatements) {
  std::string script;
  for (int i = 0; i < 100000; ++i) script += "insert into t values ('a;b');\n";
  ScriptSplitter splitter(script);
  std::uint32_t count = 0;
  while (const auto statement = splitter.Next()) {
    ++count;
    ASSERT_EQ(statement->place.line, count);
  }
  EXPECT_EQ(count, 100000U);
}

TEST(Splitter, ReturnsUnterminatedComment) {
  for (const std::string_view script :
       {"/* x", "/*", "select 1; /* x;", "select 1 /* x", "select 1; -- a\n /* b */ /* * /"}) {
    const std::vector<Piece> pieces = Split(script);
    ASSERT_FALSE(pieces.empty()) << script;
    EXPECT_TRUE(script.ends_with(pieces.back().text)) << script;
    for (std::size_t i = 0; i <= script.size(); ++i) {
      EXPECT_EQ(SplitInChunks(script, {i}), pieces) << script << " at " << i;
    }
  }
}

TEST(IncrementalSplitter, DropPreambleKeepsStatements) {
  for (const std::string_view script :
       {kScript, std::string_view("/*t/"), std::string_view("/*"), std::string_view("/**"),
        std::string_view("; /* a */ /* x; *"), std::string_view("-- a\n/* b\n ; c"),
        std::string_view("select 1; -- a\n /* b */ /* * /")}) {
    const std::vector<Piece> expected = WithoutPreambles(Split(script));
    for (std::size_t i = 0; i <= script.size(); ++i) {
      for (std::size_t j = i; j <= script.size(); ++j) {
        ASSERT_EQ(WithoutPreambles(SplitInChunks(script, {i, j}, Preambles::kDropped)), expected)
            << script << " at " << i << ' ' << j;
      }
    }
  }
}

TEST(IncrementalSplitter, PositionAfterLongOpenComment) {
  const std::string script = "select 1;\n  /*" + std::string(200'000, 't');
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1000; i < script.size(); i += 1000) cuts.push_back(i);
  const std::vector<Piece> pieces = SplitInChunks(script, cuts, Preambles::kDropped);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[1].text.size(), 200'002U);
  EXPECT_EQ(pieces[1].place, (TextPlace{.offset = 12, .line = 2, .column = 3}));
}

// Returns "text|command@line" for each statement and command, with the script cut at `cut`. After a
// command in `taken`, the statement is dropped.
std::vector<std::string> Commands(std::string_view script, std::size_t cut,
                                  std::string_view taken = "none") {
  std::vector<std::string> out;
  IncrementalSplitter splitter(Backslash::kCommand);
  const auto drain = [&] {
    while (const auto statement = splitter.Next()) {
      out.push_back(std::string(statement->text) + "|" + std::string(statement->command) + "@" +
                    std::to_string(statement->place.line));
      if (statement->command == taken) splitter.DropStatement();
    }
  };
  splitter.Feed(script.substr(0, cut));
  drain();
  splitter.DropPreamble();
  splitter.Feed(script.substr(cut));
  drain();
  splitter.Finish();
  drain();
  return out;
}

TEST(IncrementalSplitter, CommandsEndWithTheirLine) {
  constexpr std::string_view kText =
      "\\a 'x;\r\nselect '\\' /* \\ */ \"\\\" -- \\c\n; \\b c ; d \nselect\n  1 \\g x\n+ "
      "2;\n\\q\n-- end";
  for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
    EXPECT_THAT(Commands(kText, cut),
                ElementsAre("|\\a 'x;@1", "select '\\' /* \\ */ \"\\\"|@2", "|\\b c ; d@3",
                            "select\n  1|\\g x@5", "select\n  1 \n+ 2|@4", "|\\q@7"))
        << cut;
    EXPECT_THAT(Commands(kText, cut, "\\g x"),
                ElementsAre("|\\a 'x;@1", "select '\\' /* \\ */ \"\\\"|@2", "|\\b c ; d@3",
                            "select\n  1|\\g x@5", "+ 2|@6", "|\\q@7"))
        << cut;
  }
}

TEST(IncrementalSplitter, TakeRest) {
  IncrementalSplitter splitter(Backslash::kCommand);
  splitter.Feed("a \\c x\ndata;\nmore");
  ASSERT_EQ(splitter.Next()->command, "\\c x");
  EXPECT_EQ(splitter.TakeRest(), "data;\nmore");
  splitter.Feed("b;\\d");
  EXPECT_EQ(splitter.Next()->text, "a \nb");
  EXPECT_EQ(splitter.TakeRest(), "");
  splitter.Finish();
  ASSERT_EQ(splitter.Next()->command, "\\d");
  EXPECT_EQ(splitter.TakeRest(), "");
  EXPECT_FALSE(splitter.Next());
}

TEST(IncrementalSplitter, CommandsAreOptional) {
  IncrementalSplitter splitter;
  splitter.Feed("\\a\n;");
  const auto statement = splitter.Next();
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->text, "\\a");
  EXPECT_EQ(statement->command, "");
}

TEST(GrowingInput, FindsCommands) {
  EXPECT_EQ(GrowingInput().FindCommand("select 1; '--' \\g"), 15U);
  EXPECT_EQ(GrowingInput().FindCommand("'\\' \"\\\" /*\\*/ --\\"), std::string_view::npos);
}

TEST(GrowingInput, SearchesNewTextOnly) {
  GrowingInput input;
  std::string text = "\\a '\n";
  input.Scan(text);
  text += "\\b ' \\c";
  EXPECT_EQ(input.FindCommand(text), 10U);
  EXPECT_EQ(input.Scan(text), InputState::kStatement);
  EXPECT_EQ(input.FindCommand(text), std::string_view::npos);
}

TEST(InputState, StateOf) {
  EXPECT_EQ(StateOf(""), InputState::kBlank);
  EXPECT_EQ(StateOf(" -- x"), InputState::kBlank);
  EXPECT_EQ(StateOf(";"), InputState::kBlank);
  EXPECT_EQ(StateOf("select 1;"), InputState::kComplete);
  EXPECT_EQ(StateOf("select 1; -- done\n /* really */ ;"), InputState::kComplete);
  EXPECT_EQ(StateOf("select 1"), InputState::kStatement);
  EXPECT_EQ(StateOf("select 1; select"), InputState::kStatement);
  EXPECT_EQ(StateOf("select 1 -- ;"), InputState::kStatement);
  EXPECT_EQ(StateOf("select ';"), InputState::kString);
  EXPECT_EQ(StateOf("select 'it''"), InputState::kString);
  EXPECT_EQ(StateOf("select 'it'''"), InputState::kStatement);
  EXPECT_EQ(StateOf("select \";"), InputState::kName);
  EXPECT_EQ(StateOf("select /* ;"), InputState::kComment);
  EXPECT_EQ(StateOf("select 1; /*"), InputState::kComment);
  EXPECT_TRUE(IsComplete("use a;"));
  EXPECT_EQ(StateOf("a /* /* */;", ScriptRules::kPostgres), InputState::kComment);
  EXPECT_EQ(StateOf("a $$;", ScriptRules::kPostgres), InputState::kString);
  EXPECT_EQ(StateOf("(a;", ScriptRules::kPostgres), InputState::kStatement);
  EXPECT_FALSE(IsComplete("use a"));
}

TEST(InputState, GrowingInput) {
  for (const char* text :
       {"", ";", "a;\n", "a; -- b;\n", "a; /* b;\n*/ ;\n", "a;\nb\n", "'a;\n", "'a'';\n", "\"a;\n",
        "a /* ;\n", "a - b / c;\n", "a; /* b *\n", "-- a;\nb\n"}) {
    GrowingInput input;
    const std::string_view whole(text);
    for (std::size_t end = 0; end < whole.size(); ++end) input.Scan(whole.substr(0, end));
    EXPECT_EQ(input.Scan(whole), StateOf(whole)) << text;
    EXPECT_EQ(GrowingInput().Scan(whole), StateOf(whole)) << text;
  }
}

}  // namespace
}  // namespace tql::dialect
