using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>A provider's whole answer to what was asked of a batch, or what stands for one that did not come.</summary>
internal sealed class BatchAnswer
{
    private readonly int _status;
    private readonly byte[]? _body;
    private readonly string? _told;
    private readonly JsonElement? _described;

    private BatchAnswer(int status, byte[]? body, string? told, ProviderReport report) => (_status, _body, _told, Report) = (status, body, told, report);

    private BatchAnswer(int status, byte[] body, JsonElement described, string id, BatchEnd? end)
        : this(status, body, told: null, ProviderReport.Unknown("the batch is under way")) =>
        (_described, Id, End) = (described, id, end);

    /// <summary>What it says of the batch's cost where it has none of an id.</summary>
    public ProviderReport Report { get; }

    /// <summary>The provider's id of the batch; null where it has told none.</summary>
    public string? Id { get; }

    /// <summary>What it has come to; null while the provider works on it, and where that is not told.</summary>
    public BatchEnd? End { get; }

    /// <summary>Whether there is nothing to hand on.</summary>
    public bool IsMissing => _body is null;

    /// <summary>Stands for an answer that did not come. Only a request that was not sent is known to have cost nothing.</summary>
    public static BatchAnswer None(Call batch, Exception exception) => new(
        StatusCodes.Status502BadGateway,
        body: null,
        NoAnswer.Told(batch.Provider, exception),
        exception is NotSentException ? ProviderReport.NotBilled : ProviderReport.Failed(exception, $"no readable answer came from {batch.Provider}"));

    /// <summary>Stands for a refusal of what a batch needs before it can be made: none was, and the client is told what the provider said.</summary>
    public static BatchAnswer Of(ProviderRefusedException refusal) => new(refusal.Status, refusal.Body, told: null, ProviderReport.NotBilled);

    /// <summary>Reads an answer to its end.</summary>
    /// <param name="batch">What was asked.</param>
    /// <param name="response">The answer.</param>
    /// <param name="maxBytes">The most bytes that are read.</param>
    /// <param name="format">How the provider tells of batches.</param>
    /// <param name="upstream">Cancelled when it is no longer read.</param>
    /// <param name="requests">How many requests the batch has; null where that is not known.</param>
    public static async Task<BatchAnswer> ReadAsync(Call batch, HttpResponseMessage response, int maxBytes, IBatchFormat format, CancellationToken upstream, int? requests = null)
    {
        var status = (int)response.StatusCode;
        var (body, isWhole) = await AnswerBody.ReadAsync(response.Content, maxBytes, upstream);
        if (isWhole && !response.IsSuccessStatusCode)
        {
            return new BatchAnswer(status, body, told: null, await AnswerReport.OfErrorAsync(batch, status, body));
        }

        using var document = isWhole ? AnswerJson.TryParse(body, out _) : null;
        return document is { RootElement: { ValueKind: JsonValueKind.Object } told } && format.IdOf(told) is { } id
            ? new BatchAnswer(status, body, told.Clone(), id, format.EndOf(told, requests))
            : new BatchAnswer(
                StatusCodes.Status502BadGateway,
                body: null,
                $"The answer of {batch.Provider} names no batch that could be found again.",
                ProviderReport.Unknown("the provider's answer names no batch"));
    }

    /// <summary>The address of a batch as its caller sees it.</summary>
    public static string AddressOf(HttpContext context, string id)
    {
        var path = context.Request.Path.Value!;
        var end = path.IndexOf($"/{id}", StringComparison.Ordinal);
        return $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}{(end < 0 ? path.TrimEnd('/') : path[..end])}/{id}";
    }

    /// <summary>Gives the client the answer.</summary>
    /// <param name="context">The client's request; it has the provider's headers, where there are any.</param>
    /// <param name="batch">What was asked.</param>
    /// <param name="rewrite">Changes what describes a batch, where the answer does; null to leave it as it is.</param>
    public Task WriteAsync(HttpContext context, Call batch, Func<JsonElement, ReadOnlyMemory<byte>>? rewrite = null)
    {
        if (_body is null)
        {
            return RefusalWriter.WriteAsync(context, new Refusal(_status, NoAnswer.From(batch.Provider), _told!), batch.Dialect);
        }

        var written = new ReadOnlyMemory<byte>(_body);
        if (rewrite is not null && _described is { } described)
        {
            written = rewrite(described);
        }

        context.Response.StatusCode = _status;
        context.Response.ContentType ??= "application/json";
        context.Response.ContentLength = written.Length;
        return context.Response.Body.WriteAsync(written, CancellationToken.None).AsTask();
    }
}
