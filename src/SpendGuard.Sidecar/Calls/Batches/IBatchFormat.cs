using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>One provider's way to take calls as a batch. Holds no state.</summary>
internal interface IBatchFormat
{
    /// <summary>How long a hold lives: the longest that the provider works on a batch.</summary>
    TimeSpan Lifetime { get; }

    /// <summary>Reads each request as the call that it is, at the price of a batch.</summary>
    /// <param name="batch">The batch as it came in.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="BadRequestException">It is not of this format, or a request has something in it without a cost bound.</exception>
    ValueTask<IReadOnlyList<BatchRequest>> ReadAsync(Call batch, CancellationToken cancellationToken);

    /// <summary>Writes the batch with the limits that the hold pays for.</summary>
    /// <param name="batch">The batch as it came in.</param>
    /// <param name="requests">Its requests.</param>
    /// <param name="grants">The limits of each.</param>
    /// <param name="cancellationToken">Cancelled when it is no longer sent.</param>
    /// <exception cref="NotSentException">Something that the provider has to have before failed.</exception>
    ValueTask<ReadOnlyMemory<byte>> WriteAsync(Call batch, IReadOnlyList<BatchRequest> requests, IReadOnlyList<CallGrant> grants, CancellationToken cancellationToken);

    /// <summary>The provider's id of a batch, by its own description of it; null where it has none.</summary>
    string? IdOf(JsonElement batch);

    /// <summary>What a batch has come to; null while the provider works on it, and where that is not told.</summary>
    /// <param name="batch">The provider's description of it.</param>
    /// <param name="requests">How many requests it has; null where that is not known here.</param>
    BatchEnd? EndOf(JsonElement batch, int? requests);

    /// <summary>A description of a batch that leads here.</summary>
    /// <param name="batch">The provider's.</param>
    /// <param name="address">The address of the batch here.</param>
    ReadOnlyMemory<byte> Rewrite(JsonElement batch, string address);
}

/// <summary>One request of a batch.</summary>
/// <param name="Id">The caller's id of it.</param>
/// <param name="Call">The call.</param>
internal sealed record BatchRequest(string Id, Call Call);
