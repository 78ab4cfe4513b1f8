namespace SpendGuard.Testing.Provider;

/// <summary>What the model says to one request: text, tool calls, or both.</summary>
public sealed record SimulatedReply
{
    public string? Text { get; init; }
    public IReadOnlyList<SimulatedToolCall> ToolCalls { get; init; } = [];

    public static SimulatedReply Say(string text) => new() { Text = text };

    public static SimulatedReply Call(string tool, string argumentsJson) => new() { ToolCalls = [new(tool, argumentsJson)] };
}

/// <summary>One call of a client's tool, its arguments as JSON text.</summary>
public sealed record SimulatedToolCall(string Name, string ArgumentsJson);
