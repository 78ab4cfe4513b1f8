using System.Buffers;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Providers.Anthropic;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Batches;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Anthropic;

/// <summary>Anthropic's batches of messages.</summary>
internal sealed class AnthropicBatchFormat : IBatchFormat
{
    private const string Requests = "requests", Id = "custom_id", Params = "params", ResultsAddress = "results_url";

    /// <summary>Their names are kept with the hold.</summary>
    private const int MostModels = 16;

    public TimeSpan Lifetime => AnthropicBatches.Lifetime;

    public IReadOnlyList<BatchRequest> Read(Call batch)
    {
        Only(batch.Body, "A batch", Requests);
        if (batch.Body.Find(Requests) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is < 1 or > AnthropicBatches.MostRequests)
        {
            throw new BadRequestException($"'{Requests}' has to be a list of 1 to {AnthropicBatches.MostRequests:N0} requests.");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyList<BatchRequest> requests = [.. list.EnumerateArray().Select((request, place) => Read(batch, request, place, ids))];
        return requests.Select(request => request.Call.Model).Distinct().Count() <= MostModels
            ? requests
            : throw new BadRequestException($"A batch is for at most {MostModels} models. Make several of it.");
    }

    public ReadOnlyMemory<byte> Write(IReadOnlyList<BatchRequest> requests, IReadOnlyList<CallGrant> grants)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray(Requests);
            for (var place = 0; place < requests.Count; place++)
            {
                writer.WriteStartObject();
                writer.WriteString(Id, requests[place].Id);
                writer.WritePropertyName(Params);
                writer.WriteRawValue(requests[place].Call.Dialect.Cap(requests[place].Call, grants[place]).Span, skipInputValidation: true);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    public string? IdOf(JsonElement batch) => Text(batch, "id") is { } id && BatchName.IsId(id) ? id : null;

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

    /// <remarks>Only what has succeeded is billed: not what was refused, cancelled, or not begun in time.</remarks>
    public (string Request, ProviderReport Report)? ReadResult(JsonElement line)
    {
        if (Text(line, Id) is not { } request || line.Find("result") is not { ValueKind: JsonValueKind.Object } result)
        {
            return null;
        }

        return Text(result, "type") switch
        {
            "succeeded" when result.Find("message") is { ValueKind: JsonValueKind.Object } message => (request, Reader().ReadAnswer(message)),
            "errored" or "canceled" or "expired" => (request, ProviderReport.NotBilled),
            _ => null,
        };
    }

    /// <summary>Nothing of the request is known any more: what is not said to be a short-lived cache is taken for the dearer one.</summary>
    private static AnthropicMessageReader Reader() => new(longCacheWrites: true) { InBatch = true };

    private static BatchRequest Read(Call batch, JsonElement request, int place, HashSet<string> ids)
    {
        var named = $"Request {place + 1}";
        if (request.ValueKind != JsonValueKind.Object || request.Find(Params) is not { ValueKind: JsonValueKind.Object } message)
        {
            throw new BadRequestException($"{named} has to have '{Id}', and '{Params}' with the message.");
        }

        Only(request, named, Id, Params);
        if (request.FindString(Id) is not { Length: > 0 } id || !ids.Add(id))
        {
            throw new BadRequestException($"{named} has to have a '{Id}' that no other request has.");
        }

        try
        {
            RefuseWhatBatchesHaveNot(message);
            var call = CallReader.Read(batch with { Body = message });
            return new BatchRequest(id, call with { Shape = call.Shape with { ServiceTier = AnthropicBatches.Tier } });
        }
        catch (BadRequestException exception)
        {
            throw new BadRequestException($"{named}: {exception.Message}", exception.Status) { Told = $"{named}: {exception.Told ?? exception.Message}", Code = exception.Code };
        }
    }

    /// <summary>
    /// Refuses what a batch does not offer, what would let a cap be lowered, and what multiplies the price by the request's word: when the
    /// results are read, only what the answers say is known.
    /// </summary>
    private static void RefuseWhatBatchesHaveNot(JsonElement message)
    {
        if (message.FindBoolean("stream"))
        {
            throw new BadRequestException("'stream' is not for requests of a batch. Leave it out.");
        }

        if (message.Find("max_tokens") is null)
        {
            throw new BadRequestException("'max_tokens' is missing: it is held for whole, so it has to be said.");
        }

        Allow("speed", "standard");
        Allow("inference_geo", "global");

        void Allow(string name, string value)
        {
            if (message.FindString(name) is { } asked && asked != value)
            {
                throw new BadRequestException($"'{name}' is '{asked}', which is not priced in a batch. Leave it out, or make the call by itself.");
            }
        }
    }

    /// <summary>Of an answer, which may be anything.</summary>
    private static string? Text(JsonElement value, string name) => value.Find(name)?.TextOrNull();

    private static void Only(JsonElement value, string named, params ReadOnlySpan<string> fields)
    {
        foreach (var field in value.EnumerateObject())
        {
            if (!fields.Contains(field.Name))
            {
                throw new BadRequestException($"{named} has a field '{Fields.FieldCheck.Shown(field.Name)}', which is not known: its cost has no bound. Leave it out.");
            }
        }
    }
}
