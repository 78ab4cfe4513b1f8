using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Providers.Gemini;

/// <summary>Gemini's names for service tiers.</summary>
[Experimental(ApiTier.Adapters)]
public static class GeminiTier
{
    private const string Prefix = "service_tier_";

    /// <summary>A service tier as prices name it; null where none is named.</summary>
    /// <param name="named">The provider's name for it; null where it names none.</param>
    public static string? Read(string? named)
    {
        var tier = named?.ToLowerInvariant();
        tier = tier?.StartsWith(Prefix, StringComparison.Ordinal) == true ? tier[Prefix.Length..] : tier;
        return tier is "" or "unspecified" ? null : tier;
    }
}
