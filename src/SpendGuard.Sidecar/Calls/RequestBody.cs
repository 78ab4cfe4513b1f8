using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>Reads a JSON object from a request, within limits.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>As <see cref="ReadAsync"/>, but no body at all stands for an empty object.</summary>
    public static async Task<JsonDocument> ReadOptionalAsync(HttpContext context, long maxBytes) =>
        await IsEmptyAsync(context) ? JsonDocument.Parse("{}") : await ReadAsync(context, maxBytes);

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

    /// <summary>Clients name a content type whether they send anything or not, and some send an empty body in chunks.</summary>
    private static async Task<bool> IsEmptyAsync(HttpContext context)
    {
        if (context.Request.ContentLength is { } length)
        {
            return length == 0;
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return true;
        }

        try
        {
            var begun = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            context.Request.BodyReader.AdvanceTo(begun.Buffer.Start);
            return begun is { IsCompleted: true, Buffer.IsEmpty: true };
        }
        catch (Exception exception) when (exception is BadHttpRequestException or IOException)
        {
            // Whoever reads it is told the same, and tells of it.
            return false;
        }
    }

    /// <summary>What the reader says is for its own callers. It says where, but for a name that stands twice.</summary>
    private static BadRequestException NotJson(string named, JsonException exception) => new(
        exception is { LineNumber: { } line, BytePositionInLine: { } at }
            ? string.Create(CultureInfo.InvariantCulture, $"{named} is not valid JSON, from line {line + 1}, byte {at + 1} on.")
            : $"{named} is not valid JSON: an object in it has the same name twice.");

    /// <summary>For what the reader throws of a name or text that is not Unicode.</summary>
    private static BadRequestException NotText(string named) => new($"{named} is not valid JSON: it has text in it that is not valid Unicode.");
}
