using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>One provider's way to take calls as a batch. Holds no state.</summary>
internal interface IBatchFormat
{
    /// <summary>How long a hold lives: the longest that the provider works on a batch.</summary>
    TimeSpan Lifetime { get; }

    /// <summary>Reads each request as the call that it is, at the price of a batch.</summary>
    /// <param name="batch">The batch as it came in.</param>
    /// <exception cref="BadRequestException">It is not of this format, or a request has something in it without a cost bound.</exception>
    IReadOnlyList<BatchRequest> Read(Call batch);

    /// <summary>Writes the batch with the limits that the hold pays for.</summary>
    ReadOnlyMemory<byte> Write(IReadOnlyList<BatchRequest> requests, IReadOnlyList<CallGrant> grants);

    /// <summary>The provider's id of a batch, by its own description of it; null where it has none.</summary>
    string? IdOf(JsonElement batch);

    /// <summary>A description of a batch whose addresses lead here.</summary>
    /// <param name="batch">The provider's.</param>
    /// <param name="address">The address of the batch here.</param>
    ReadOnlyMemory<byte> Rewrite(JsonElement batch, string address);

    /// <summary>Reads one of the results.</summary>
    /// <param name="line">The line of the results.</param>
    /// <returns>Whose it is, and what it says; null of what cannot be read.</returns>
    (string Request, ProviderReport Report)? ReadResult(JsonElement line);
}

/// <summary>One request of a batch.</summary>
/// <param name="Id">The caller's id of it.</param>
/// <param name="Call">The call.</param>
internal sealed record BatchRequest(string Id, Call Call);
