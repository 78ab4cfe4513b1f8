using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Agents;

/// <summary>Finds among the tools that a client offers one that does what is wanted, and fills its arguments in by their names.</summary>
internal sealed class Toolbox(IReadOnlyList<SimulatedTool> tools)
{
    private static readonly string[] Readers = ["read", "read_file", "readfile", "read_files"];
    private static readonly string[] Listers = ["ls", "list", "list_directory", "list_dir", "list_files"];
    private static readonly string[] Shells = ["bash", "run_shell_command", "exec_command", "shell", "execute_command", "run_commands"];
    private static readonly string[] Delegates = ["agent", "task", "invoke_agent"];

    /// <summary>Whether there is anything to work with.</summary>
    public bool IsOfUse => Run("true") is not null || Find(Readers) is not null;

    public SimulatedToolCall? Read(string file) =>
        Call(Find(Readers), ("file_path", file), ("filePath", file), ("filepath", file), ("path", file), ("absolute_path", file), ("files", file)) ?? Run($"cat '{file}'");

    public SimulatedToolCall? Look(string folder) =>
        Call(Find(Listers), ("dir_path", folder), ("dirpath", folder), ("path", folder)) ?? Run($"ls '{folder}'");

    public SimulatedToolCall? Run(string command) =>
        Call(Find(Shells), ("command", command), ("cmd", command), ("commands", command), ("description", "Look at the files"))
        ?? (tools.FirstOrDefault(tool => tool is { Name: "exec", TakesText: true }) is { } script ? Script(script, command) : null);

    /// <summary>Has another agent do it, and waits for that.</summary>
    public SimulatedToolCall? Delegate(string prompt) => Call(
        Find(Delegates),
        ("prompt", prompt),
        ("description", "Look at a file"),
        ("subagent_type", "general"),
        ("agent_name", "generalist"),
        ("run_in_background", false));

    /// <summary>Says what came of it, where an agent has a tool to say so.</summary>
    public SimulatedToolCall? Report(string text) => Find(["complete_task"]) is { } tool
        ? Call(tool, [.. SchemaSample.Required(tool.Arguments).Take(1).Select(name => (name, (JsonNode)text))])
        : null;

    private SimulatedTool? Find(string[] names) =>
        names.Select(name => tools.FirstOrDefault(tool => !tool.TakesText && string.Equals(tool.Name, name, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(tool => tool is not null);

    // Such a tool takes a program that calls the others.
    private static SimulatedToolCall Script(SimulatedTool tool, string command) =>
        new(tool.Name, $"const result = await tools.exec_command({{ cmd: {JsonValue.Create(command).ToJsonString()} }});\ntext(result);")
        {
            Namespace = tool.Namespace,
            TakesText = true,
        };

    private static SimulatedToolCall? Call(SimulatedTool? tool, params (string Name, JsonNode Value)[] values)
    {
        if (tool is null)
        {
            return null;
        }

        var arguments = (JsonObject)SchemaSample.Of(tool.Arguments.ContainsKey("properties") ? tool.Arguments : new() { ["type"] = "object" });
        foreach (var (name, value) in values)
        {
            // What is optional keeps its default, but for a wish to wait: that is what it is about.
            if (arguments.ContainsKey(name) || (name == "run_in_background" && HasProperty(tool, name)))
            {
                arguments[name] = Wrapped(SchemaSample.Property(tool.Arguments, name), value);
            }
        }

        return new(tool.Name, arguments.ToJsonString()) { Namespace = tool.Namespace };
    }

    private static bool HasProperty(SimulatedTool tool, string name) => (tool.Arguments["properties"] as JsonObject)?.ContainsKey(name) == true;

    private static JsonNode Wrapped(JsonObject schema, JsonNode value) => SchemaSample.Type(schema) switch
    {
        "array" => new JsonArray(Wrapped(schema["items"] as JsonObject ?? [], value)),
        "object" => new JsonObject(SchemaSample.Required(schema).Take(1).Select(name => KeyValuePair.Create<string, JsonNode?>(name, value.DeepClone()))),
        _ => value.DeepClone(),
    };
}
