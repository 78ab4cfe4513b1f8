using System.Text.Json.Nodes;

namespace SpendGuard.Sidecar.Tests.Clients;

/// <summary>A request as a program sends it unless it is told otherwise: names, types and sizes are its own, every text is filler.</summary>
internal sealed class ClientShape
{
    private readonly JsonNode _shape;

    private ClientShape(JsonNode shape) => _shape = shape;

    public string Path => (string)_shape["path"]!;

    public JsonObject Body => (JsonObject)_shape["body"]!;

    /// <summary>The model, wherever the request names it.</summary>
    public string Model => (string?)Body["model"] ?? Path.Split('/')[^1].Split(':')[0];

    public (string Name, string Value)[] Headers => [.. _shape["headers"]!.AsObject().Select(header => (header.Key, (string)header.Value!))];

    public static ClientShape Of(string program) =>
        new(JsonNode.Parse(File.ReadAllText(Repository.Path("tests", "SpendGuard.Sidecar.Tests", "Clients", "Shapes", program + ".json")))!);
}
