using System.Text.Json;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Reads a JSON object from a request, within limits.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>As <see cref="ReadAsync"/>, but no body at all stands for an empty object.</summary>
    public static Task<JsonDocument> ReadOptionalAsync(HttpContext context, long maxBytes) =>
        context.Request.ContentLength is 0 || (context.Request.ContentLength is null && context.Request.ContentType is null)
            ? Task.FromResult(JsonDocument.Parse("{}"))
            : ReadAsync(context, maxBytes);

    public static async Task<JsonDocument> ReadAsync(HttpContext context, long maxBytes)
    {
        var request = context.Request;
        if (!request.HasJsonContentType())
        {
            throw new BadRequestException("The content type has to be application/json.", StatusCodes.Status415UnsupportedMediaType);
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw new BadRequestException("A compressed request body is not taken.", StatusCodes.Status415UnsupportedMediaType);
        }

        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(request.Body, Options, context.RequestAborted);
            JsonText.Check(document);
        }
        catch (JsonException exception)
        {
            throw NotJson("The body", exception);
        }
        catch (InvalidOperationException)
        {
            throw NotText("The body");
        }
        catch (BadHttpRequestException exception)
        {
            throw new BadRequestException(
                exception.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge => $"The body is larger than {maxBytes} bytes.",
                    StatusCodes.Status408RequestTimeout => Refusal.TooSlow,
                    _ => exception.Message,
                },
                exception.StatusCode);
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // What the server throws for a chunk whose size is out of range.
            throw new BadRequestException("The body cannot be read to its end.");
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw new BadRequestException("The body has to be a JSON object.");
        }

        return document;
    }

    /// <summary>Reads JSON that a request names, such as a line of a file.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="named">What it is, as a sentence begins with it.</param>
    /// <exception cref="BadRequestException">It is not valid.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json, string named)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            JsonText.Check(document);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw NotJson(named, exception);
        }
        catch (InvalidOperationException)
        {
            throw NotText(named);
        }
    }

    private static BadRequestException NotJson(string named, JsonException exception) => new($"{named} is not valid JSON: {exception.Message}");

    /// <summary>For what the reader throws of a name or text that is not Unicode.</summary>
    private static BadRequestException NotText(string named) => new($"{named} is not valid JSON: it has text in it that is not valid Unicode.");
}
