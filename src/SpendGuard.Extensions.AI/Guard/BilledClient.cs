using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>What a client's metadata say of who bills for its calls.</summary>
/// <param name="ProviderName">The adapter's name for the provider.</param>
/// <param name="ProviderUri">Where the calls go.</param>
/// <param name="DefaultModelId">The model of calls whose options name none.</param>
/// <param name="Clients">What it is made of.</param>
internal sealed record BilledClient(string? ProviderName, Uri? ProviderUri, string? DefaultModelId, ClientsBelow Clients)
{
    /// <summary>What to do where a client does not tell who bills for its calls, or tells something else than the price book.</summary>
    public const string HowToTell =
        "Where somebody else bills, or the model goes by another name there, set Provider and Model in UseSpendGuard's configure"
        + " (ConfigureChatClient and its like for a kernel).";

    private readonly ClientAdapter _adapter = Clients.Adapter ?? ClientAdapter.Of(ProviderName, Clients.Leaf.GetType().Assembly.GetName().Name);

    /// <summary>What it tells of whom it calls, for a sentence.</summary>
    public string SaysOfItself => $"The client calls itself {ProviderName ?? "nothing"} and {(Host is { } host ? $"goes to {host}" : "does not say where it goes")}.";

    /// <summary>What is between the guard and the provider, and was allowed there although it could change a call.</summary>
    public IReadOnlyList<string> Below { get; init; } = [];

    /// <summary>The one model that is called whatever the options say; null where they choose.</summary>
    public string? OnlyModel => _adapter.HasOneModel ? DefaultModelId : null;

    /// <summary>Whether it may make several requests to the provider of one call.</summary>
    public bool SendsSeveralRequests => _adapter.SendsSeveralRequests;

    /// <summary>Whether it is known to send by .NET's HTTP handler unless it is set up otherwise.</summary>
    public bool UsesHttp => _adapter.UsesHttp;

    /// <summary>Whether it may send additional properties, and objects of SDKs that are not known.</summary>
    public bool SendsWhatItDoesNotKnow => !_adapter.SendsOnlyWhatItKnows;

    /// <summary>Why the provider is not known to keep the output cap under the name that the adapter sends, and what to do; null where it is.</summary>
    public string? UnkeptCap(ModelKey model) => _adapter.KeepsOutputCap(ProviderUri, model)
        ? null
        : $"{Host ?? "The provider"} is not known to keep {_adapter.OutputCapName}, the name that the adapter sends the cap under; where it does, or"
            + " RawOptions sends the name that it knows, allow it with UseSpendGuard(…, configure: c => c.AllowedFeatures.Add(\"OutputCap\")).";

    /// <summary>What every token rate is multiplied by because of where the calls go.</summary>
    public decimal ResidencyFactor => ProviderUri is { IsAbsoluteUri: true } address ? Residency.FactorOf(address) : 1;

    /// <summary>Who serves the calls: whose host they go to, else who bills for them.</summary>
    /// <param name="provider">Who bills, where the settings say so.</param>
    public Vendor VendorOf(string? provider) => Vendor.Serving(provider ?? _adapter.ProviderAt(ProviderUri) ?? "", ProviderUri);

    public ModelKey ModelOf(string? provider, string? model) => new(
        provider ?? _adapter.ProviderAt(ProviderUri) ?? throw new UnboundedCostException(
            "an unnamed provider",
            $"The inner client's metadata does not say who bills for the call. {SaysOfItself}",
            HowToTell),
        Name(model) ?? Name(DefaultModelId) ?? throw new UnboundedCostException(
            "an unnamed model",
            "Neither the options nor the inner client's metadata say which model is called.",
            "Set the options' ModelId, or Model in UseSpendGuard's configure."));

    private string? Host => ProviderUri is { IsAbsoluteUri: true } address ? address.Host : null;

    private static string? Name(string? model) => string.IsNullOrWhiteSpace(model) ? null : model;
}
