using CsCheck;
using SpendGuard.Cli.Ledger;

namespace SpendGuard.Cli.Tests.Ledger;

public sealed class CsvTests
{
    [Fact]
    public void Row_ReadBack_IsTheSame() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char[",\"\r\n a"], 0, 8])
            .Select(field => field.StartsWith('\uFEFF') ? field[1..] : field)
            .List[1, 5].List[1, 4]
            .Where(rows => rows.All(row => row is not [""]))
            .Sample(rows =>
            {
                var text = string.Concat(rows.Select(row => Csv.Row(row) + "\n"));

                Assert.Equal(rows, Csv.Read(text).Select(row => row.ToList()));
            });

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
