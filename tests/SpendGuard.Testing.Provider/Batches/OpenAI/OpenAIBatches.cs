using System.Text;
using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Batches.OpenAI;

/// <summary>Batches whose requests come in a file, and whose results go into files.</summary>
public sealed class OpenAIBatches : SimulatedBatches
{
    private readonly SimulatedFiles _files;

    internal OpenAIBatches(Model model, CallBook book, SimulatedFiles files)
        : base(model, book)
    {
        _files = files;
        ToldTier = "default";
    }

    /// <summary>Whether what a batch has not run when it is cancelled stands in its file of errors. When it does is not published.</summary>
    public bool ListsCanceled { get; set; }

    /// <summary>Whether it runs a file whose requests name several models, which it says that it does not.</summary>
    public bool TakesSeveralModels { get; set; }

    private protected override string PathOf(SimulatedBatch batch) => batch.Made.Body["endpoint"].Text()!;

    /// <summary>What was served at a tier of its own names that; embeddings name none.</summary>
    private protected override void TellTier(JsonObject answer, Generation generation)
    {
        if (generation.Tiers.Count > 0 || !answer.Remove("service_tier"))
        {
            return;
        }

        if (ToldTier is { } tier)
        {
            answer["service_tier"] = tier;
        }
    }

    private protected override SimulatedBatch Ended(SimulatedBatch batch)
    {
        var results = batch.Results!.Where(result => ListsCanceled || result.Outcome != BatchOutcome.Canceled).ToLookup(result => result.Outcome == BatchOutcome.Succeeded);
        return batch with { OutputFileId = Keep(batch, "output", results[true]), ErrorFileId = Keep(batch, "error", results[false]) };
    }

    private string? Keep(SimulatedBatch batch, string kind, IEnumerable<BatchResult> results)
    {
        var lines = results.Select((result, place) => BatchLines.Result($"batch_req_{batch.Made.CallId:D6}_{kind}_{place}", result)).ToList();
        if (lines.Count == 0)
        {
            return null;
        }

        var expiry = batch.Made.Body["output_expires_after"] as JsonObject;
        var file = new SimulatedFile($"file-{batch.Made.CallId:D6}-{kind}", $"{batch.Id}_{kind}.jsonl", SimulatedFile.OfResults, Encoding.UTF8.GetBytes(string.Concat(lines)))
        {
            Lines = lines,
            ExpiresAfter = SimulatedFile.Expiry(expiry?["anchor"].Text(), expiry?["seconds"]?.ToJsonString()),
        };
        _files.Keep(file);
        return file.Id;
    }
}
