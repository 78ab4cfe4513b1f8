using System.Text.Json;

namespace SpendGuard.Sidecar.Forwarding;

/// <summary>Reads a JSON object from a request, within limits.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

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
        }
        catch (JsonException exception)
        {
            throw new BadRequestException($"The body is not valid JSON: {exception.Message}");
        }
        catch (BadHttpRequestException exception)
        {
            throw new BadRequestException(
                exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? $"The body is larger than {maxBytes} bytes."
                    : exception.Message,
                exception.StatusCode);
        }

        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            document.Dispose();
            throw new BadRequestException("The body has to be a JSON object.");
        }

        return document;
    }
}
