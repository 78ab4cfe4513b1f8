using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Batches.OpenAI;

/// <summary>OpenAI's batches.</summary>
internal static class BatchJson
{
    private const long Window = 24 * 3_600;
    private const long Started = Generation.CreatedAt + 60;
    private const long Cancelling = Generation.CreatedAt + 1_800;
    private const long Finalizing = Generation.CreatedAt + 3_600;
    private const long Done = Generation.CreatedAt + 3_660;

    /// <summary>The batch as it is told when it has just been made: nobody has looked into its file yet.</summary>
    public static JsonObject Made(SimulatedBatch batch) => Of(batch with { Requests = [], Faults = [], Results = null }, "validating");

    public static JsonObject Of(SimulatedBatch batch) => Of(batch, Status(batch));

    public static string Status(SimulatedBatch batch) =>
        batch.Faults.Count > 0 ? "failed"
        : batch.Results is null ? batch.IsCanceling ? "cancelling" : "in_progress"
        : IsCancelled(batch) ? "cancelled"
        : batch.Count(BatchOutcome.Expired) > 0 ? "expired"
        : "completed";

    private static bool IsCancelled(SimulatedBatch batch) => batch.IsCanceling || batch.Count(BatchOutcome.Canceled) > 0;

    private static JsonObject Of(SimulatedBatch batch, string status) => new()
    {
        ["id"] = batch.Id,
        ["object"] = "batch",
        ["endpoint"] = batch.Made.Body["endpoint"].Text(),
        ["model"] = batch.Requests is [var first, ..] ? first.Request.Body["model"].Text() : null,
        ["errors"] = batch.Faults.Count == 0 ? null
            : new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. batch.Faults.Select(fault => fault.DeepClone())]) },
        ["input_file_id"] = batch.Made.Body["input_file_id"].Text(),
        ["completion_window"] = batch.Made.Body["completion_window"].Text(),
        ["status"] = status,
        ["output_file_id"] = batch.OutputFileId,
        ["error_file_id"] = batch.ErrorFileId,
        ["created_at"] = Generation.CreatedAt,
        ["in_progress_at"] = status is "validating" or "failed" ? null : Started,
        ["expires_at"] = Generation.CreatedAt + Window,
        ["finalizing_at"] = status is "completed" or "expired" or "cancelled" ? Finalizing : null,
        ["completed_at"] = status == "completed" ? Done : null,
        ["failed_at"] = status == "failed" ? Started : null,
        ["expired_at"] = status == "expired" ? Generation.CreatedAt + Window : null,
        ["cancelling_at"] = status is "cancelling" or "cancelled" ? Cancelling : null,
        ["cancelled_at"] = status == "cancelled" ? Done : null,
        ["request_counts"] = new JsonObject
        {
            ["total"] = batch.Requests.Count,
            ["completed"] = batch.Count(BatchOutcome.Succeeded),
            ["failed"] = batch.Count(BatchOutcome.Errored) + batch.Count(BatchOutcome.Expired),
        },
        ["usage"] = Usage([.. (batch.Results ?? []).Select(result => result.Generation?.Reported).OfType<SimulatedUsage>()]),
        ["metadata"] = batch.Made.Body["metadata"]?.DeepClone(),
    };

    private static JsonObject Usage(IReadOnlyList<SimulatedUsage> usages) => new()
    {
        ["input_tokens"] = usages.Sum(usage => usage.InputTokens),
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usages.Sum(usage => usage.CachedInputTokens) },
        ["output_tokens"] = usages.Sum(usage => usage.OutputTokens),
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usages.Sum(usage => usage.ReasoningTokens) },
        ["total_tokens"] = usages.Sum(usage => usage.InputTokens + usage.OutputTokens),
    };
}
