using System.Text.Json.Nodes;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>Phrases refusals as OpenAI's API does, which xAI and the compatible ones follow.</summary>
internal static class OpenAIErrors
{
    public static ReadOnlyMemory<byte> Refuse(Refusal refusal) => RefusalJson.Write(Envelope(refusal), refusal);

    /// <summary>
    /// The same as the last event of a stream of responses. Beside the envelope, which the SDKs for Python and Node raise, stand the fields of
    /// the event itself, which that for .NET reads.
    /// </summary>
    public static ReadOnlyMemory<byte> RefuseInEvent(Refusal refusal)
    {
        var envelope = Envelope(refusal);
        envelope["type"] = "error";
        envelope["code"] = envelope["error"]!["code"]?.DeepClone();
        envelope["message"] = refusal.ForClients;
        envelope["param"] = null;
        envelope["sequence_number"] = 0;
        return RefusalJson.Write(envelope, refusal);
    }

    private static JsonObject Envelope(Refusal refusal) =>
        new()
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
                    StatusCodes.Status409Conflict => refusal.Code ?? "budget_locked",
                    _ => refusal.Code,
                },
            },
        };
}
