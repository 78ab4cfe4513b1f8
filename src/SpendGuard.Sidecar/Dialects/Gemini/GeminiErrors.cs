using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Phrases refusals as Google's APIs do.</summary>
internal static class GeminiErrors
{
    public static ReadOnlyMemory<byte> Refuse(Refusal refusal) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["code"] = refusal.Status,
                ["message"] = refusal.ForClients,
                ["status"] = refusal.Status switch
                {
                    StatusCodes.Status402PaymentRequired => "RESOURCE_EXHAUSTED",
                    StatusCodes.Status404NotFound => "NOT_FOUND",
                    StatusCodes.Status409Conflict => "ABORTED",
                    StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable => "UNAVAILABLE",
                    >= 500 => "INTERNAL",
                    _ => "INVALID_ARGUMENT",
                },
            },
            ["detail"] = refusal.Detail,
        },
        RefusalJson.Readable.JsonObject);
}
