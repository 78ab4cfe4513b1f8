using System.Globalization;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>What the name of an Anthropic model tells of what it takes.</summary>
internal static class AnthropicModels
{
    /// <summary>Whether the model takes <c>inference_geo</c>: from version 4.6 on; older ones refuse a request with it.</summary>
    /// <remarks>Names are <c>claude-family-major[-minor][-date]</c>; the older ones have the version before the family.</remarks>
    public static bool TakeInferenceGeo(string model)
    {
        if (model.Split('-') is not ["claude", var family, var majorPart, .. var rest] || family.Any(char.IsAsciiDigit) || Version(majorPart) is not { } major)
        {
            return false;
        }

        var minor = rest is [var minorPart, ..] ? Version(minorPart) ?? 0 : 0;
        return major > 4 || (major == 4 && minor >= 6);
    }

    private static int? Version(string part) =>
        part.Length <= 2 && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
