using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar;

/// <summary>Writes answers without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(Health))]
internal sealed partial class AnswerJson : JsonSerializerContext;

/// <summary>The answer of the liveness route.</summary>
internal sealed record Health([property: JsonPropertyName("status")] string Status);
