using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Providers;

/// <summary>What is known of an adapter between a vendor's SDK and an AI framework, by the name that it gives itself.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record ClientAdapter
{
    private static readonly ClientAdapter Unnamed = new();

    /// <summary>Who bills for its calls, as the price book names it; null where that cannot be told.</summary>
    public string? Provider { get; init; }

    /// <summary>Whether it gives itself the same name whoever it talks to, so that the host tells more.</summary>
    public bool TalksToOthers { get; init; }

    /// <summary>Whether its clients for images and speech call one model, whatever the options say.</summary>
    public bool HasOneModel { get; init; }

    /// <summary>Whether it may make several requests to the provider of one call.</summary>
    public bool SendsSeveralRequests { get; init; }

    /// <summary>Whether it is known to send by .NET's HTTP handler unless it is set up otherwise.</summary>
    public bool UsesHttp { get; init; }

    /// <summary>The adapter of a name.</summary>
    /// <param name="name">The name; null where it gives none.</param>
    public static ClientAdapter Of(string? name) => string.IsNullOrEmpty(name)
        ? Unnamed
        : Vendor.Known.Select(vendor => vendor.AdapterNamed(name)).FirstOrDefault(adapter => adapter is not null) is { } known
            ? known with { UsesHttp = true }
            : new ClientAdapter { Provider = name, UsesHttp = Vendor.Known.Any(vendor => vendor.Name == name) };

    /// <summary>Who bills for its calls to an address, as the price book names it; null where that cannot be told.</summary>
    /// <param name="address">The address; null where it is not known.</param>
    public string? ProviderAt(Uri? address) =>
        TalksToOthers && address is not null && Vendor.Known.FirstOrDefault(vendor => vendor.IsAt(address.Host)) is { } other ? other.Name : Provider;
}
