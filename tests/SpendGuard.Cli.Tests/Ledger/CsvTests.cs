using System.Globalization;
using CsCheck;
using SpendGuard.Cli.Ledger;

namespace SpendGuard.Cli.Tests.Ledger;

public sealed class CsvTests
{
    [Fact]
    public void Row_ReadBack_IsTheSameButForFormulas() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char[",\"\r\n a"], 0, 8])
            .Select(field => field.StartsWith('\uFEFF') ? field[1..] : field)
            .List[1, 5].List[1, 4]
            .Where(rows => rows.All(row => row is not [""]))
            .Sample(rows =>
            {
                var text = string.Concat(rows.Select(row => Csv.Row(row) + "\n"));

                Assert.Equal(rows.Select(row => row.Select((field, at) => CsvFormula.Neutralize(field, isFirstOfSeveral: at == 0 && row.Count > 1))), Csv.Read(text).Select(row => row.ToList()));
            });

    [Fact]
    public void Row_AnyNames_HasNoCellThatIsAFormula()
    {
        var sign = Gen.Char["=+-@\t\r\uFF1D\uFF0D1.;,|\"' \nac\u200B\u00A0"];
        Gen.OneOf(Gen.String, Gen.String[sign, 0, 8]).Array[1, 4].Sample(names =>
        {
            // As a program that splits at commas reads it, and one that splits at semicolons, tabs or bars and does not know quotes.
            var row = Csv.Row(names);
            var cells = Csv.Read(row).SelectMany(cells => cells).Concat(row.Split(';', '\t', '|', '\n'));

            Assert.DoesNotContain(cells, IsFormula);
        });
    }

    [Theory]
    [InlineData("=HYPERLINK(A1)", "'=HYPERLINK(A1)")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0")]
    [InlineData("  +1x", "  '+1x")]
    [InlineData("a;=b", "a;'=b")]
    [InlineData("-0.05", "-0.05")]
    [InlineData("openai:gpt-4o", "openai:gpt-4o")]
    [InlineData("a=b@c", "a=b@c")]
    public void Row_NameLikeAFormula_IsWrittenAsText(string name, string field) => Assert.Equal(field, Csv.Row(name));

    [Fact]
    public void Row_BeginsWithANumber_IsNoFormulaToThoseWhoSplitElsewhere() => Assert.Equal("'-1,a,-1", Csv.Row("-1", "a", "-1"));

    private static bool IsFormula(string cell)
    {
        var text = cell.Trim('"', '\uFEFF', '\u200B', ' ', '\u00A0', '\n');
        return text.Length > 0 && "=+-@\t\r\uFF1D\uFF0D".Contains(text[0], StringComparison.Ordinal)
            && !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
    }

    [Theory]
    [InlineData("a,b\r\nc,d", "a|b/c|d")]
    [InlineData("a,b\n\nc,\n", "a|b/c|")]
    [InlineData("\uFEFFa,\"b \"\"x\"\", y\"\n", "a|b \"x\", y")]
    [InlineData("a,\"b\nc\"\r\n", "a|b\nc")]
    [InlineData("", "")]
    public void Text_IsReadAsRows(string text, string rows) =>
        Assert.Equal(rows, string.Join('/', Csv.Read(text).Select(row => string.Join('|', row))));

    [Theory]
    [InlineData("\"a")]
    [InlineData("\"a\"b")]
    public void BrokenQuotes_AreRefused(string text) => Assert.Throws<FormatException>(() => Csv.Read(text).Count());
}
