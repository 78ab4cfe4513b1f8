using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Providers;

/// <summary>What is known of an adapter between a vendor's SDK and an AI framework, by the name that it gives itself.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record ClientAdapter
{
    private static readonly ClientAdapter Unnamed = new();

    /// <summary>Who bills for its calls, as the price book names it; null where that cannot be told.</summary>
    public string? Provider { get; init; }

    /// <summary>
    /// The name under which it sends the output cap to whomever it talks to; null where that is a name that the provider it is made for
    /// goes by.
    /// </summary>
    public string? OutputCapName { get; init; }

    /// <summary>Whether it gives itself the same name whoever it talks to, so that the host tells more.</summary>
    public bool TalksToOthers { get; init; }

    /// <summary>Whether its clients for images and speech call one model, whatever the options say.</summary>
    public bool HasOneModel { get; init; }

    /// <summary>Whether it may make several requests to the provider of one call.</summary>
    public bool SendsSeveralRequests { get; init; }

    /// <summary>Whether it is known to send by .NET's HTTP handler unless it is set up otherwise.</summary>
    public bool UsesHttp { get; init; }

    /// <summary>
    /// Whether it leaves additional properties of options, and objects that are not of its SDK, out of the request. One that is not known
    /// may send them.
    /// </summary>
    public bool SendsOnlyWhatItKnows { get; init; }

    /// <summary>The assembly that it is in; null where that is not known.</summary>
    internal string? Assembly { get; init; }

    /// <summary>The adapter of a name. What is to its credit is known of the one in its assembly only; any class may give itself the name.</summary>
    /// <param name="name">The name; null where it gives none.</param>
    /// <param name="assembly">The name of the assembly that it is in; null where that is not known.</param>
    public static ClientAdapter Of(string? name, string? assembly) =>
        string.IsNullOrEmpty(name) ? Unnamed
        : Vendor.Known.Select(vendor => vendor.AdapterNamed(name)).FirstOrDefault(adapter => adapter is not null) is not { } known
            ? new ClientAdapter { Provider = name }
        : known.Assembly is not null && known.Assembly == assembly ? known with { UsesHttp = true }
        : known with { SendsOnlyWhatItKnows = false };

    /// <summary>Whether a provider is known to keep the output cap that the adapter sends it.</summary>
    /// <param name="address">The provider's address; null where it is not known.</param>
    /// <param name="model">The model that is called, by whoever bills for it.</param>
    public bool KeepsOutputCap(Uri? address, ModelKey model) => OutputCapName is not { } name
        || (address is not null && Vendor.Known.FirstOrDefault(vendor => vendor.IsAt(address.Host)) is { } host
            ? host.KeepsOutputCap(model.Model, address.Host, name)
            : Vendor.Of(model.Provider).KeepsOutputCap(model.Model, host: null, name));

    /// <summary>Who bills for its calls to an address, as the price book names it; null where that cannot be told.</summary>
    /// <param name="address">The address; null where it is not known.</param>
    public string? ProviderAt(Uri? address) =>
        TalksToOthers && address is not null && Vendor.Known.FirstOrDefault(vendor => vendor.IsAt(address.Host)) is { } other ? other.Name : Provider;
}
