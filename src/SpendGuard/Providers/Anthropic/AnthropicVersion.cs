using System.Globalization;

namespace SpendGuard.Providers.Anthropic;

/// <summary>The version of a model by its name.</summary>
internal static class AnthropicVersion
{
    /// <summary>Names are <c>claude-family-major[-minor][-date]</c>; the older ones have the version before the family.</summary>
    /// <param name="model">The name; providers that serve the model may put a dot between the numbers.</param>
    /// <returns>Major and minor, as far as they are named; nothing for a name without.</returns>
    public static int[] Of(string model) =>
        [.. model.Split('-', '.').Where(part => part.Length <= 2 && part.All(char.IsAsciiDigit) && part.Length > 0).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
}
