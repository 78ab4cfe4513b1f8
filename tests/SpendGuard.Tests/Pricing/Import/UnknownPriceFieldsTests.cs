using System.Text;
using System.Text.RegularExpressions;
using SpendGuard.Pricing.Import;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Pricing.Import;

public sealed partial class UnknownPriceFieldsTests
{
    /// <summary>Whatever the readers ask for is understood: the book that ships has most of it, and the source the rest.</summary>
    [Fact]
    public void Fields_ThatAreRead_AreUnderstood()
    {
        var source = File.ReadAllText(Repository.Path("src", "SpendGuard", "Pricing", "RateCardReader.cs"));
        var read = Name().Matches(source).Select(match => match.Groups["name"].Value).Distinct().ToList();
        var book = File.ReadAllBytes(Repository.Path("src", "SpendGuard", "Pricing", "prices.json"));

        Assert.True(read.Count > 25);
        var unknown = read.Where(name => UnknownPriceFields.In(Encoding.UTF8.GetBytes("{\"rates\":{\"p\":{\"m\":{\"" + name + "\":[]}}}}")).Count > 0);
        Assert.Equal(["inclusive", "input_factor", "output_factor", "threshold_tokens"], unknown.Order());
        Assert.Empty(UnknownPriceFields.In(book));
    }

    [GeneratedRegex("\"(?<name>[a-z_0-9]+)\"", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Name();
}
