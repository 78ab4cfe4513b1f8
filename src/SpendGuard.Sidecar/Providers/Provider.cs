using SpendGuard.Bounds;

namespace SpendGuard.Sidecar.Providers;

/// <summary>A provider that calls are forwarded to. A request never chooses where it goes.</summary>
/// <param name="Name">Who bills, as the price book names it.</param>
/// <param name="BaseAddress">Where its API is, without a slash at the end.</param>
/// <param name="KeyHeader">How its key is sent.</param>
/// <param name="Key">Its key; null when none is set.</param>
/// <param name="KeyVariable">The setting that holds the key, for the message when it is missing.</param>
internal sealed record Provider(string Name, string BaseAddress, KeyHeader KeyHeader, string? Key, string KeyVariable)
{
    /// <summary>What its prices are multiplied by because of where its API is.</summary>
    public decimal ResidencyFactor => Residency.FactorOf(new Uri(BaseAddress));
}

/// <summary>The header that a provider takes its key in.</summary>
internal enum KeyHeader
{
    /// <summary><c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary><c>x-api-key</c>, with <c>anthropic-version</c>.</summary>
    Anthropic,

    /// <summary><c>x-goog-api-key</c>.</summary>
    Google,

    /// <summary>None; for local models.</summary>
    None,
}
