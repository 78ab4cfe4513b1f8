using System.Text.Json.Nodes;
using Spectre.Console.Rendering;

namespace SpendGuard.Cli.Output;

/// <summary>What a command has to say, in each of the forms that can be asked for.</summary>
internal interface IReport
{
    /// <summary>As data: what the sidecar answered, if it is one answer.</summary>
    JsonNode Json { get; }

    /// <summary>As lines for scripts.</summary>
    IEnumerable<string> Lines { get; }

    /// <summary>As a picture for people.</summary>
    IRenderable Picture { get; }
}
