using SpendGuard.Providers;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Headers;
using SpendGuard.Sidecar.Dialects.Tables;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Providers;

/// <summary>A provider that calls are forwarded to. A request never chooses where it goes.</summary>
/// <param name="Name">Who bills, as the price book names it.</param>
/// <param name="BaseAddress">Where its API is, without a slash at the end.</param>
/// <param name="Wing">Whose wire formats it speaks.</param>
/// <param name="Key">Its key; null when none is set.</param>
/// <param name="KeyVariable">The setting that holds the key, for the message when it is missing; empty where none is needed, as for local models.</param>
internal sealed record Provider(string Name, string BaseAddress, IWing Wing, string? Key, string KeyVariable)
{
    /// <summary>What its routes begin with here; null for what its wing gives them.</summary>
    public string? Prefix { get; init; }

    /// <summary>The same provider at other addresses of its own, where it speaks another's wire formats.</summary>
    public IReadOnlyList<Provider> Also { get; init; } = [];

    /// <summary>Headers that it wants of every request, for callers that do not send them.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Headers of callers that go on to it.</summary>
    public HeaderTable Forwarded(RequestTables tables) =>
        tables.Of(Wing.Tables).Headers is var headers && OwnHeaders.Count == 0 ? headers : headers.With(OwnHeaders);

    /// <summary>Headers that go on to it beside those of the wire formats that it speaks.</summary>
    public IReadOnlyList<HeaderRule> OwnHeaders { get; init; } = [];

    /// <summary>The name that it takes the output cap of a chat completion by.</summary>
    public OutputCapName OutputCap { get; init; } = OutputCapName.MaxTokens;

    /// <summary>The setting that has that name; null where there is none, because the provider has but one.</summary>
    public string? OutputCapSetting { get; init; }

    /// <summary>What can be done where it bills more than the cap.</summary>
    public string WhereCapIsIgnored => OutputCapSetting is { } setting
        ? $"If it knows the cap by another name, set {setting}."
        : $"It was sent under the only name that {Name} has for it, and no setting changes that: take its models from those that must not pass their hold.";

    /// <summary>Whether it takes a key.</summary>
    public bool NeedsKey => KeyVariable.Length > 0;

    /// <summary>Whether it can be called.</summary>
    public bool IsUsable => Key is not null || !NeedsKey;

    /// <summary>What is known of whom its calls go to.</summary>
    public Vendor Vendor => Vendor.Serving(Name, new Uri(BaseAddress));

    /// <summary>What its prices are multiplied by because of where its API is.</summary>
    public decimal ResidencyFactor => Residency.FactorOf(new Uri(BaseAddress));

    /// <exception cref="MissingKeyException">Its key is not set.</exception>
    public void RequireKey()
    {
        if (!IsUsable)
        {
            throw new MissingKeyException(KeyVariable);
        }
    }

    /// <summary>Adds its key to a request, and what else it wants with it.</summary>
    public void Authorize(HttpRequestMessage request)
    {
        if (Key is { } key)
        {
            Wing.KeyHeader.Write(request.Headers, key);
        }

        foreach (var (name, value) in Headers.Where(header => !request.Headers.Contains(header.Key)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
