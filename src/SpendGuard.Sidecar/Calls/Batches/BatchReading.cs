using System.Text.Json;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>Reads the requests of a batch, one after the other, each as the call that it is.</summary>
/// <param name="batch">The batch as it came in; its dialect is that of the requests.</param>
/// <param name="content">The field that has the call.</param>
/// <param name="others">What a request may have beside that and its id.</param>
internal sealed class BatchReading(Call batch, string content, params string[] others)
{
    /// <summary>The caller's id of a request, in requests and results.</summary>
    public const string Id = "custom_id";

    private const int MostModels = 16;
    private const int LongestModel = 60;

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<BatchRequest> _requests = [];

    /// <summary>All that were read.</summary>
    /// <exception cref="BadRequestException">They are for more models than can be kept with the hold.</exception>
    public IReadOnlyList<BatchRequest> Requests
    {
        get
        {
            var models = _requests.Select(request => request.Call.Model.ToString()).Distinct(StringComparer.Ordinal).ToList();
            return models.Count <= MostModels && models.TrueForAll(static model => model.Length <= LongestModel)
                ? _requests
                : throw new BadRequestException(
                    $"A batch is for at most {MostModels} models, with names of up to {LongestModel} letters: they are kept with its hold. Make several of it.");
        }
    }

    /// <summary>Reads one more.</summary>
    /// <param name="read">The request.</param>
    /// <param name="refuse">Refuses what batches do not have, of the request and of the call in it.</param>
    /// <exception cref="BadRequestException">It would be refused as a call, or is none; the sentence says which it is.</exception>
    public void Add(Func<JsonElement> read, Action<JsonElement, JsonElement> refuse)
    {
        var named = $"Request {_requests.Count + 1}";
        var request = Within(named, read);
        if (request.ValueKind != JsonValueKind.Object || request.Find(content) is not { ValueKind: JsonValueKind.Object } body)
        {
            throw new BadRequestException($"{named} has to have '{Id}', and '{content}' with the call.");
        }

        Only(request, named, [Id, content, .. others]);
        if (Within(named, () => request.FindString(Id)) is not { Length: > 0 } id || !_ids.Add(id))
        {
            throw new BadRequestException($"{named} has to have a '{Id}' that no other request has.");
        }

        _requests.Add(Within(named, () =>
        {
            refuse(request, body);
            var call = CallReader.Read(batch with { Body = body });
            return new BatchRequest(id, call with { Shape = call.Shape with { ServiceTier = ServiceTier.Batch } });
        }));
    }

    /// <exception cref="BadRequestException">There are other fields.</exception>
    public static void Only(JsonElement value, string named, params ReadOnlySpan<string> fields)
    {
        foreach (var field in value.EnumerateObject())
        {
            if (!fields.Contains(field.Name))
            {
                throw new BadRequestException($"{named} has a field '{FieldCheck.Shown(field.Name)}', which is not known: its cost has no bound. Leave it out.");
            }
        }
    }

    /// <summary>Refuses another value of a field than the one that batches are priced for, which may stand there.</summary>
    /// <exception cref="BadRequestException">It has another.</exception>
    public static void Allow(JsonElement body, string name, params ReadOnlySpan<string> values)
    {
        if (body.FindString(name) is { } asked && !values.Contains(asked))
        {
            throw new BadRequestException($"'{name}' is '{asked}', which is not priced in a batch. Leave it out, or make the call by itself.");
        }
    }

    /// <exception cref="BadRequestException">It asks for a stream.</exception>
    public static void RefuseStream(JsonElement body)
    {
        if (body.FindBoolean("stream"))
        {
            throw new BadRequestException("'stream' is not for requests of a batch. Leave it out.");
        }
    }

    /// <summary>Whatever is refused, the sentence says of which request.</summary>
    private static T Within<T>(string named, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (BadRequestException exception)
        {
            throw new BadRequestException($"{named}: {exception.Message}", exception.Status) { Told = $"{named}: {exception.Told ?? exception.Message}", Code = exception.Code };
        }
    }
}
