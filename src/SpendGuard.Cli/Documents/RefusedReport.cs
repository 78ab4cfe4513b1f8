using System.Text.Json.Nodes;
using SpendGuard.Cli.Output;
using SpendGuard.SignedPrices.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Documents;

/// <summary>Why a sidecar would refuse a document.</summary>
internal sealed class RefusedReport(string source, SignedDocumentException refusal) : IReport
{
    public JsonNode Json => new JsonObject
    {
        ["verdict"] = "invalid",
        ["source"] = source,
        ["fault"] = Fault,
        ["reason"] = refusal.Message,
    };

    public IEnumerable<string> Lines =>
        [Line.Of("verdict", "invalid"), Line.Of("source", source), Line.Of("fault", Fault), Line.Of("reason", refusal.Message)];

    public IRenderable Picture => Markup.FromInterpolated($"[red]Invalid[/]: {source}. {refusal.Message}");

    /// <summary>A word for scripts; it stays when the sentence is put better.</summary>
    private string Fault => refusal.Fault switch
    {
        SignedDocumentFault.NotJson => "not_json",
        SignedDocumentFault.DuplicateKey => "duplicate_key",
        SignedDocumentFault.BrokenText => "broken_text",
        SignedDocumentFault.TooLarge => "too_large",
        SignedDocumentFault.MissingSignature => "unsigned",
        SignedDocumentFault.MalformedSignature => "malformed_signature",
        SignedDocumentFault.WrongSignature => "wrong_signature",
        SignedDocumentFault.Schema => "schema",
        SignedDocumentFault.Engine => "engine",
        SignedDocumentFault.Date => "date",
        SignedDocumentFault.Expiry => "expiry",
        SignedDocumentFault.RollBack => "roll_back",
        SignedDocumentFault.Content => "content",
        _ => "rates",
    };
}
