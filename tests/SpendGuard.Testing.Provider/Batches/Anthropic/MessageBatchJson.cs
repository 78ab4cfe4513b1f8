using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Wire.Anthropic;

namespace SpendGuard.Testing.Provider.Batches.Anthropic;

/// <summary>Anthropic's batches and their results.</summary>
internal static class MessageBatchJson
{
    public static JsonObject Of(SimulatedBatch batch, Uri origin) => new()
    {
        ["id"] = batch.Id,
        ["type"] = "message_batch",
        ["processing_status"] = batch.Results is not null ? "ended" : batch.IsCanceling ? "canceling" : "in_progress",
        ["request_counts"] = new JsonObject
        {
            ["processing"] = batch.Results is null ? batch.Requests.Count : 0,
            ["succeeded"] = batch.Count(BatchOutcome.Succeeded),
            ["errored"] = batch.Count(BatchOutcome.Errored),
            ["canceled"] = batch.Count(BatchOutcome.Canceled),
            ["expired"] = batch.Count(BatchOutcome.Expired),
        },
        ["created_at"] = "2026-11-27T00:00:00Z",
        ["expires_at"] = "2026-11-28T00:00:00Z",
        ["ended_at"] = batch.Results is null ? null : "2026-11-27T01:00:00Z",
        ["cancel_initiated_at"] = batch.IsCanceling ? "2026-11-27T00:30:00Z" : null,
        ["archived_at"] = null,
        ["results_url"] = batch.Results is null ? null : new Uri(origin, $"/v1/messages/batches/{batch.Id}/results").ToString(),
    };

    public static string Line(BatchResult result) => new JsonObject
    {
        ["custom_id"] = result.Id,
        ["result"] = result.Outcome switch
        {
            BatchOutcome.Succeeded => new() { ["type"] = "succeeded", ["message"] = result.Answer!.DeepClone() },
            BatchOutcome.Errored => new JsonObject { ["type"] = "errored", ["error"] = AnthropicError.Envelope(400, "It is not a request that is served.") },
            BatchOutcome.Canceled => new JsonObject { ["type"] = "canceled" },
            _ => new JsonObject { ["type"] = "expired" },
        },
    }.ToJsonString() + "\n";
}
