using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Forwarding;

/// <summary>The answers of the run routes of OpenAI and Grok: the provider's own, but whatever error it gives is a 502 with its message.</summary>
internal sealed class RunRouteForm : IAnswerForm
{
    public static RunRouteForm Instance { get; } = new();

    public bool IsNative => false;

    public (int Status, ReadOnlyMemory<byte> Body) Shape(int status, ReadOnlyMemory<byte> body, Settlement settlement) =>
        status is >= 200 and < 300
            ? (status, body)
            : (StatusCodes.Status502BadGateway, Failure(status, body));

    /// <summary>The provider's error, with its message as the detail.</summary>
    private static ReadOnlyMemory<byte> Failure(int status, ReadOnlyMemory<byte> body)
    {
        using var answer = EventJson.TryParse(body.Span);
        var detail = ProviderMessage.Of(answer?.RootElement, status);
        var error = answer?.RootElement.Find("error") is { ValueKind: JsonValueKind.Object } told
            ? JsonObject.Create(told)
            : new JsonObject { ["message"] = detail, ["type"] = "server_error" };
        return JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject { ["error"] = error?.DeepClone(), ["detail"] = detail }, AnswerJson.Default.JsonObject);
    }
}
