using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Forwarding;

/// <summary>The answers of the run routes: the provider's own, but whatever error it gives is a 502 with its message.</summary>
internal sealed class RunRouteForm : IAnswerForm
{
    public static RunRouteForm Instance { get; } = new();

    public bool IsNative => false;

    public (int Status, ReadOnlyMemory<byte> Body) Shape(int status, ReadOnlyMemory<byte> body, Settlement settlement) => status is >= 200 and < 300
        ? (status, body)
        : (StatusCodes.Status502BadGateway, Failure(status, body));

    /// <summary>The provider's error, with its message as the detail.</summary>
    private static ReadOnlyMemory<byte> Failure(int status, ReadOnlyMemory<byte> body)
    {
        var error = Error(body);
        var detail = Message(error) ?? $"The provider answered {status}.";
        return JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["error"] = error as JsonObject ?? new JsonObject { ["message"] = detail, ["type"] = "server_error" },
                ["detail"] = detail,
            },
            AnswerJson.Default.JsonObject);
    }

    private static JsonNode? Error(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonNode.Parse(body.Span) is JsonObject answer && answer.TryGetPropertyValue("error", out var error)
                ? error?.DeepClone()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // Not JSON, or with a name in it twice.
            return null;
        }
    }

    private static string? Message(JsonNode? error) => error switch
    {
        JsonObject named when named["message"] is JsonValue message && message.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => null,
    };
}
