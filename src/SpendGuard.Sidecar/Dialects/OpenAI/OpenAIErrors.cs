using System.Text.Json;
using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>Phrases refusals as OpenAI's API does, which xAI and the compatible ones follow.</summary>
internal static class OpenAIErrors
{
    public static ReadOnlyMemory<byte> Refuse(Refusal refusal) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["error"] = new JsonObject
            {
                ["message"] = refusal.ForClients,
                ["type"] = refusal.Status switch
                {
                    StatusCodes.Status402PaymentRequired => "insufficient_quota",
                    StatusCodes.Status409Conflict => "conflict_error",
                    >= 500 => "server_error",
                    _ => "invalid_request_error",
                },
                ["param"] = null,
                ["code"] = refusal.Status switch
                {
                    StatusCodes.Status402PaymentRequired => "insufficient_budget",
                    StatusCodes.Status409Conflict => "budget_locked",
                    _ => null,
                },
            },
            ["detail"] = refusal.Detail,
        },
        RefusalJson.Readable.JsonObject);
}
