using System.Buffers;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Batches;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Anthropic's batches of messages.</summary>
/// <param name="request">Asks for what has become of a batch.</param>
internal sealed class AnthropicBatchFormat(FreeRequest request) : IBatchFormat
{
    private const string Requests = "requests", Params = "params", ResultsAddress = "results_url";

    public TimeSpan Lifetime => AnthropicBatches.Lifetime;

    public ValueTask<IReadOnlyList<BatchRequest>> ReadAsync(Call batch, CancellationToken cancellationToken)
    {
        BatchReading.Only(batch.Body, "A batch", Requests);
        if (batch.Body.Find(Requests) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is < 1 or > AnthropicBatches.MostRequests)
        {
            throw new BadRequestException($"'{Requests}' has to be a list of 1 to {AnthropicBatches.MostRequests:N0} requests.");
        }

        var reading = new BatchReading(batch, Params);
        foreach (var one in list.EnumerateArray())
        {
            reading.Add(() => one, static (_, message) => RefuseWhatBatchesHaveNot(message));
        }

        return ValueTask.FromResult(reading.Requests);
    }

    public ValueTask<ReadOnlyMemory<byte>> WriteAsync(
        Call batch, IReadOnlyList<BatchRequest> requests, IReadOnlyList<CallGrant> grants, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray(Requests);
            for (var place = 0; place < requests.Count; place++)
            {
                writer.WriteStartObject();
                writer.WriteString(BatchReading.Id, requests[place].Id);
                writer.WritePropertyName(Params);
                writer.WriteRawValue(requests[place].Call.Dialect.Cap(requests[place].Call, grants[place]).Span, skipInputValidation: true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return ValueTask.FromResult(buffer.WrittenMemory);
    }

    public string? IdOf(JsonElement batch) => Text(batch, "id") is { } id && BatchName.IsId(id) ? id : null;

    public BatchEnd? EndOf(JsonElement batch, int? requests)
    {
        if (Text(batch, "processing_status") != "ended" || batch.Find("request_counts") is not { } counts || Count("succeeded") is not { } succeeded)
        {
            return null;
        }

        return new BatchEnd(succeeded) { IsEmpty = succeeded == 0 && Count("errored") + Count("canceled") + Count("expired") == requests };

        int? Count(string name) => counts.CountOrNull(name) is { } count and >= 0 and <= AnthropicBatches.MostRequests ? (int)count : null;
    }

    public ReadOnlyMemory<byte> Rewrite(JsonElement batch, string address) => BodyRewrite.Replace(
        batch,
        [ResultsAddress],
        writer =>
        {
            if (batch.Find(ResultsAddress) is not null)
            {
                writer.WriteString(ResultsAddress, address + "/results");
            }
            else if (batch.TryGetProperty(ResultsAddress, out _))
            {
                writer.WriteNull(ResultsAddress);
            }
        });

    /// <summary>Where the results of a batch are: there is one of each of its requests.</summary>
    public async ValueTask<ResultsPlace> FindAsync(Call batch, string id, CancellationToken cancellationToken) => new($"{batch.Route.Path}/{id}/results")
    {
        Read = ReadResult,
        AreOfAll = true,
        End = EndOf(await BatchDescription.OfAsync(request, batch, id, cancellationToken), requests: null),
    };

    /// <remarks>Only what has succeeded is billed: not what was refused, cancelled, or not begun in time.</remarks>
    private static (string Request, ProviderReport Report)? ReadResult(JsonElement line)
    {
        if (Text(line, BatchReading.Id) is not { } whose || line.Find("result") is not { ValueKind: JsonValueKind.Object } result)
        {
            return null;
        }

        return Text(result, "type") switch
        {
            "succeeded" when result.Find("message") is { ValueKind: JsonValueKind.Object } message => (whose, Reader().ReadAnswer(message)),
            "errored" or "canceled" or "expired" when result.Find("message") is null => (whose, ProviderReport.NotBilled),
            _ => null,
        };
    }

    /// <summary>Nothing of the request is known any more: what is not said to be a short-lived cache is taken for the dearer one.</summary>
    private static AnthropicMessageReader Reader() => new(longCacheWrites: true) { InBatch = true };

    /// <summary>
    /// Refuses what a batch does not offer, what would let a cap be lowered, and what multiplies the price by the request's word: when the
    /// results are read, only what the answers say is known.
    /// </summary>
    private static void RefuseWhatBatchesHaveNot(JsonElement message)
    {
        BatchReading.RefuseStream(message);
        if (message.Find("max_tokens") is null)
        {
            throw new BadRequestException("'max_tokens' is missing: it is held for whole, so it has to be said.");
        }

        BatchReading.Allow(message, "speed", "standard");
        BatchReading.Allow(message, "inference_geo", "global");
    }

    /// <summary>Of an answer, which may be anything.</summary>
    private static string? Text(JsonElement value, string name) => value.Find(name)?.TextOrNull();
}
