using System.Buffers;
using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Providers.OpenAI;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Batches;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Batches;

/// <summary>
/// OpenAI's batches. Their requests are in a file that the provider has: it is read when a batch is made of it, and the batch is made of a
/// copy with the limits that are held for.
/// </summary>
/// <param name="files">The provider's files.</param>
/// <param name="request">Asks for what has become of a batch.</param>
/// <param name="endpoints">What a batch can be of, by the path of its calls.</param>
internal sealed class OpenAIBatchFormat(OpenAIFiles files, FreeRequest request, IReadOnlyDictionary<string, IDialect> endpoints) : IBatchFormat
{
    /// <summary>The field with the path of a batch's calls.</summary>
    public const string Endpoint = "endpoint";

    /// <summary>The field with the file of what has succeeded.</summary>
    public const string OutputFile = "output_file_id";

    private const string InputFile = "input_file_id", ErrorFile = "error_file_id", Window = "completion_window";
    private const string Method = "method", Url = "url", Content = "body";

    public TimeSpan Lifetime => OpenAIBatches.Lifetime;

    public async ValueTask<IReadOnlyList<BatchRequest>> ReadAsync(Call batch, CancellationToken cancellationToken)
    {
        BatchReading.Only(batch.Body, "A batch", InputFile, Endpoint, Window, "metadata", "output_expires_after");
        var endpoint = batch.Body.FindString(Endpoint) ?? "";
        if (!endpoints.TryGetValue(endpoint, out var dialect))
        {
            throw new BadRequestException($"'{Endpoint}' has to be one of {string.Join(", ", endpoints.Keys)}: batches of others are not metered.");
        }

        if (batch.Body.FindString(Window) is not OpenAIBatches.Window)
        {
            throw new BadRequestException($"'{Window}' has to be '{OpenAIBatches.Window}': for so long the batch is held.");
        }

        if (batch.Body.FindString(InputFile) is not { } file || !BatchName.IsId(file))
        {
            throw new BadRequestException($"'{InputFile}' has to name the file of the requests, which is uploaded for the purpose '{OpenAIFiles.Purpose}'.");
        }

        var reading = new BatchReading(batch with { Route = batch.Route with { Dialect = dialect } }, Content, Method, Url);
        var count = 0;
        foreach (var line in LinesOf(await files.ReadAsync(batch.Route.Provider, file, cancellationToken)))
        {
            if (++count > OpenAIBatches.MostRequests)
            {
                throw new BadRequestException($"A batch has at most {OpenAIBatches.MostRequests:N0} requests. Make several of it.");
            }

            reading.Add(() => RequestBody.Parse(line, "the line"), (request, body) => RefuseWhatBatchesHaveNot(request, body, endpoint));
        }

        return count > 0 ? reading.Requests : throw new BadRequestException($"The file '{file}' has no requests in it.");
    }

    public async ValueTask<ReadOnlyMemory<byte>> WriteAsync(
        Call batch, IReadOnlyList<BatchRequest> requests, IReadOnlyList<CallGrant> grants, CancellationToken cancellationToken)
    {
        var url = batch.Body.FindString(Endpoint);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        for (var place = 0; place < requests.Count; place++)
        {
            writer.WriteStartObject();
            writer.WriteString(BatchReading.Id, requests[place].Id);
            writer.WriteString(Method, "POST");
            writer.WriteString(Url, url);
            writer.WritePropertyName(Content);
            writer.WriteRawValue(OneLine(requests[place].Call.Dialect.Cap(requests[place].Call, grants[place])).Span, skipInputValidation: true);
            writer.WriteEndObject();
            writer.Flush();
            buffer.Write("\n"u8);
            writer.Reset();
        }

        var copy = await files.KeepAsync(batch.Route.Provider, buffer.WrittenMemory, cancellationToken);
        return BodyRewrite.Replace(batch.Body, [InputFile], to => to.WriteString(InputFile, copy));
    }

    public string? IdOf(JsonElement batch) => batch.Find("id")?.TextOrNull() is { } id && BatchName.IsId(id) ? id : null;

    public BatchEnd? EndOf(JsonElement batch, int? requests) => OpenAIBatchResults.EndOf(batch);

    public ReadOnlyMemory<byte> Rewrite(JsonElement batch, string address) => BodyRewrite.Replace(
        batch,
        [OutputFile, ErrorFile],
        writer =>
        {
            Write(OutputFile, OpenAIBatchResults.Output);
            Write(ErrorFile, OpenAIBatchResults.Errors);

            void Write(string field, string ending)
            {
                if (batch.Find(field) is not null && IdOf(batch) is { } id)
                {
                    writer.WriteString(field, id + ending);
                }
                else
                {
                    writer.WriteNull(field);
                }
            }
        });

    /// <summary>The results of a batch that have succeeded, or those that have not, which are not billed.</summary>
    /// <exception cref="BadRequestException">There are none.</exception>
    public async ValueTask<ResultsPlace> FindAsync(Call batch, string id, string ending, CancellationToken cancellationToken)
    {
        var described = await BatchDescription.OfAsync(request, batch, id, cancellationToken);
        var (field, isOutput) = ending == OpenAIBatchResults.Output ? (OutputFile, true) : (ErrorFile, false);
        if (described.Find(field)?.TextOrNull() is not { } file || !BatchName.IsId(file))
        {
            throw new BadRequestException(
                $"The batch has no '{field}': it is '{described.Find("status")?.TextOrNull()}'.", StatusCodes.Status404NotFound);
        }

        var end = OpenAIBatchResults.EndOf(described);
        return new ResultsPlace(OpenAIFiles.ContentOf(file))
        {
            Read = isOutput && end is not null ? OpenAIBatchResults.ReaderOf(described) : null,
            End = end,
        };
    }

    /// <summary>The lines of a file that are not empty, without the mark that some put before the first.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> LinesOf(ReadOnlyMemory<byte> file)
    {
        file = file.Span.StartsWith("\uFEFF"u8) ? file[3..] : file;
        while (file.Length > 0)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? default : file[(end + 1)..];
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                yield return line;
            }
        }
    }

    /// <summary>Within JSON, the end of a line can only stand between what it has in it.</summary>
    private static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny("\r\n"u8) < 0)
        {
            return json;
        }

        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }

    private static void RefuseWhatBatchesHaveNot(JsonElement request, JsonElement body, string endpoint)
    {
        if (request.FindString(Method) is not "POST" || request.FindString(Url) != endpoint)
        {
            throw new BadRequestException($"it has to have the '{Method}' POST and the '{Url}' {endpoint}, as the batch has.");
        }

        BatchReading.RefuseStream(body);
        BatchReading.Allow(body, "service_tier", "auto", "default");
    }
}
