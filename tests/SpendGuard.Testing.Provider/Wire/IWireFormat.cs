using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>One provider's way of asking and answering.</summary>
internal interface IWireFormat
{
    /// <summary>Whether the request's cap also bounds reasoning; not so for every provider.</summary>
    bool CapBindsReasoning => true;

    /// <summary>Whether calls of this kind cost anything; counting tokens does not.</summary>
    bool Billable => true;

    /// <summary>Whether the answer is generated text; embeddings and counts are not.</summary>
    bool Generates => true;

    SimulatedRequest Read(SimulatedRequest request);

    InputCount CountInput(JsonObject body, CountingRules rules);

    /// <summary>What a model makes out of a request.</summary>
    SimulatedConversation Conversation(JsonObject body) => new();

    JsonObject Answer(Generation generation);

    IEnumerable<StreamEvent> Stream(Generation generation);

    JsonObject Error(int status, string message, string? param, string? code);

    StreamEvent ErrorEvent(Generation generation, string message);
}

/// <summary>One server-sent event; content events carry generated tokens.</summary>
internal sealed record StreamEvent(string? Name, string Data, bool IsContent = false)
{
    public string Wire => Name is null ? $"data: {Data}\n\n" : $"event: {Name}\ndata: {Data}\n\n";
}
