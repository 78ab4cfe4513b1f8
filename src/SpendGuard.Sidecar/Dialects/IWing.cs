using SpendGuard.Sidecar.Models;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>
/// What the sidecar knows of one vendor beside its wire formats: its routes, and the headers that it and its clients send. A provider that
/// speaks another's wire formats stands in that one's wing.
/// </summary>
internal interface IWing
{
    /// <summary>The header that the vendor takes a key in, so that its clients send the caller's in it too.</summary>
    KeyHeader KeyHeader { get; }

    /// <summary>Whose tables say what may be in its requests, headers included.</summary>
    string Tables { get; }

    /// <summary>Headers of answers that stay here, as they tell of the account that pays.</summary>
    IReadOnlyList<string> NotReturned => [];

    /// <summary>Whether a request that no route takes looks like one of the vendor's clients', which shows nothing but the vendor's own errors.</summary>
    bool MayBeFrom(HttpRequest request);

    /// <summary>What the base address of the vendor's clients has to be here.</summary>
    string BaseAddressHere { get; }

    /// <summary>Where the vendor lists its models, for nothing: the path and the query, from the base address on.</summary>
    string ModelList { get; }

    /// <summary>How the vendor's clients are told of models.</summary>
    IModelForm Models { get; }

    /// <summary>What the vendor offers beside what is metered here.</summary>
    IReadOnlyList<UnmeteredService> Unmetered { get; }

    /// <summary>A refusal in the vendor's own error envelope, with <c>detail</c> beside it.</summary>
    ReadOnlyMemory<byte> Refuse(Refusal refusal);

    /// <summary>Maps the routes to one provider.</summary>
    void Map(IEndpointRouteBuilder routes, Provider provider, SidecarSettings settings);
}
