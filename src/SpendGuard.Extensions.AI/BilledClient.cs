using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>What a client's metadata say of who bills for its calls.</summary>
/// <param name="ProviderName">The adapter's name for the provider.</param>
/// <param name="ProviderUri">Where the calls go.</param>
/// <param name="DefaultModelId">The model of calls whose options name none.</param>
internal sealed record BilledClient(string? ProviderName, Uri? ProviderUri, string? DefaultModelId)
{
    /// <summary>Whether options that name a model do not reach the provider; so it is with OpenAI's adapters for images and speech.</summary>
    public bool HasOneModel => ProviderName is "openai" && DefaultModelId is not null;

    /// <summary>What every token rate is multiplied by because of where the calls go.</summary>
    public decimal ResidencyFactor => ProviderUri is { IsAbsoluteUri: true } address ? Residency.FactorOf(address) : 1;

    public ModelKey ModelOf(string? provider, string? model) => new(
        provider ?? Provider ?? throw new UnboundedCostException(
            "an unnamed provider",
            "The inner client's metadata does not say who bills for the call.",
            "Set Provider in UseSpendGuard's configure."),
        Name(model) ?? Name(DefaultModelId) ?? throw new UnboundedCostException(
            "an unnamed model",
            "Neither the options nor the inner client's metadata say which model is called.",
            "Set the options' ModelId, or Model in UseSpendGuard's configure."));

    /// <summary>The OpenAI adapter calls itself openai whatever it talks to; the host tells more.</summary>
    private string? Provider => ProviderName switch
    {
        "openai" => ProviderUri?.Host switch
        {
            { } host when IsOrUnder(host, "x.ai") => "grok",
            { } host when IsOrUnder(host, "azure.com") || IsOrUnder(host, "azure.us") => "azure",
            _ => "openai",
        },
        "gcp.gen_ai" or "google" or "gcp.gemini" => "gemini",
        "xai" => "grok",
        { Length: > 0 } name => name,
        _ => null,
    };

    private static bool IsOrUnder(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase)
        || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    private static string? Name(string? model) => string.IsNullOrWhiteSpace(model) ? null : model;
}
