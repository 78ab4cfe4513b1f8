using System.Diagnostics.CodeAnalysis;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>What a sidecar works with, and what it lacks. Names of settings, never what opens anything.</summary>
[Experimental("SPENDGUARD002")]
public sealed class SidecarState
{
    /// <summary>Where budgets are kept, such as <c>SQLite, /var/lib/budgets.db</c>.</summary>
    public required string Store { get; init; }

    /// <summary>What whoever started it has to know of the store; null for nothing.</summary>
    public string? StoreNotice { get; init; }

    /// <summary>Where the prices in force are from.</summary>
    public required string PriceSource { get; init; }

    /// <summary><c>verified</c>, <c>not verified</c>, or <c>bundled</c> for the prices that ship with SpendGuard.</summary>
    public required string PriceSignature { get; init; }

    /// <summary>How old the prices in force are.</summary>
    public required TimeSpan PriceAge { get; init; }

    /// <summary>When the prices in force must no longer be used; null for never.</summary>
    public DateTimeOffset? PricesUsableUntil { get; init; }

    /// <summary>The providers that have a key, with the setting that holds it.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Keys { get; init; }

    /// <summary>The providers that lack a key, with the setting that would hold it.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> MissingKeys { get; init; }

    /// <summary>Whether anyone who can connect may create agents and raise budgets.</summary>
    public bool ControlIsOpen { get; init; }

    /// <summary>Why calls cannot be served; empty when they can.</summary>
    public required IReadOnlyList<string> NotReady { get; init; }

    internal static SidecarState Of(SidecarSettings settings, ReadinessAnswer ready) => new()
    {
        Store = settings.StoreName,
        StoreNotice = settings.StoreNotice,
        PriceSource = ready.Prices.Source,
        PriceSignature = ready.Prices.Signature,
        PriceAge = TimeSpan.FromSeconds(ready.Prices.AgeSeconds),
        PricesUsableUntil = ready.Prices.UsableUntil,
        Keys = KeysThatAre(ProviderState.Set, ready),
        MissingKeys = KeysThatAre(ProviderState.Missing, ready),
        ControlIsOpen = ready.Control == ReadinessAnswer.ControlOpen,
        NotReady = ready.Reasons ?? [],
    };

    private static List<KeyValuePair<string, string>> KeysThatAre(string state, ReadinessAnswer ready) =>
    [
        .. ready.Providers.Where(provider => provider.Key == state)
            .Select(provider => KeyValuePair.Create(provider.Name, provider.KeyVariable ?? "")),
    ];
}
