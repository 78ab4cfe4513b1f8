using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Phrases refusals as Google's APIs do.</summary>
internal static class GeminiErrors
{
    public static ReadOnlyMemory<byte> Refuse(Refusal refusal)
    {
        var error = new JsonObject
        {
            ["code"] = refusal.Status,
            ["message"] = refusal.ForClients,
            ["status"] = refusal.Status switch
            {
                StatusCodes.Status402PaymentRequired => "RESOURCE_EXHAUSTED",
                StatusCodes.Status403Forbidden => "PERMISSION_DENIED",
                StatusCodes.Status404NotFound => "NOT_FOUND",
                StatusCodes.Status409Conflict => "ABORTED",
                StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable => "UNAVAILABLE",
                >= 500 => "INTERNAL",
                _ => "INVALID_ARGUMENT",
            },
        };
        if (refusal.Code is { } code)
        {
            // As Google names the reason of an error: in capitals.
            error["details"] = new JsonArray(new JsonObject
            {
                ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                ["reason"] = code.ToUpperInvariant(),
                ["domain"] = "spendguard",
            });
        }

        return RefusalJson.Write(new JsonObject { ["error"] = error }, refusal);
    }
}
