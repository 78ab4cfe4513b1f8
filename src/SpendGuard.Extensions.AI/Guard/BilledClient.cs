using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>What a client's metadata say of who bills for its calls.</summary>
/// <param name="ProviderName">The adapter's name for the provider.</param>
/// <param name="ProviderUri">Where the calls go.</param>
/// <param name="DefaultModelId">The model of calls whose options name none.</param>
internal sealed record BilledClient(string? ProviderName, Uri? ProviderUri, string? DefaultModelId)
{
    private readonly ClientAdapter _adapter = ClientAdapter.Of(ProviderName);

    /// <summary>The one model that is called whatever the options say; null where they choose.</summary>
    public string? OnlyModel => _adapter.HasOneModel ? DefaultModelId : null;

    /// <summary>Whether it may make several requests to the provider of one call.</summary>
    public bool SendsSeveralRequests => _adapter.SendsSeveralRequests;

    /// <summary>Whether it is known to send by .NET's HTTP handler unless it is set up otherwise.</summary>
    public bool UsesHttp => _adapter.UsesHttp;

    /// <summary>What every token rate is multiplied by because of where the calls go.</summary>
    public decimal ResidencyFactor => ProviderUri is { IsAbsoluteUri: true } address ? Residency.FactorOf(address) : 1;

    /// <summary>Who serves the calls: whose host they go to, else who bills for them.</summary>
    /// <param name="provider">Who bills, where the settings say so.</param>
    public Vendor VendorOf(string? provider) => Vendor.Serving(provider ?? _adapter.ProviderAt(ProviderUri) ?? "", ProviderUri);

    public ModelKey ModelOf(string? provider, string? model) => new(
        provider ?? _adapter.ProviderAt(ProviderUri) ?? throw new UnboundedCostException(
            "an unnamed provider",
            "The inner client's metadata does not say who bills for the call.",
            "Set Provider in UseSpendGuard's configure."),
        Name(model) ?? Name(DefaultModelId) ?? throw new UnboundedCostException(
            "an unnamed model",
            "Neither the options nor the inner client's metadata say which model is called.",
            "Set the options' ModelId, or Model in UseSpendGuard's configure."));

    private static string? Name(string? model) => string.IsNullOrWhiteSpace(model) ? null : model;
}
