using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Tools that say to the provider what they said when they were priced.</summary>
internal static class FrozenTools
{
    /// <summary>The tool, its name, description and schema as they are now. What is no function has no bound, and stays as it is.</summary>
    public static AITool Of(AITool tool) => tool switch
    {
        AIFunction function => new Function(function),
        AIFunctionDeclaration declaration => new Declaration(declaration),
        _ => tool,
    };

    private static IReadOnlyDictionary<string, object?> Copy(IReadOnlyDictionary<string, object?> properties) =>
        properties.Count == 0 ? properties : new AdditionalPropertiesDictionary(properties);

    private sealed class Function(AIFunction function) : DelegatingAIFunction(function)
    {
        public override string Name { get; } = function.Name;

        public override string Description { get; } = function.Description;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } = Copy(function.AdditionalProperties);

        public override JsonElement JsonSchema { get; } = function.JsonSchema.Clone();

        public override JsonElement? ReturnJsonSchema { get; } = function.ReturnJsonSchema?.Clone();
    }

    private sealed class Declaration(AIFunctionDeclaration declaration) : AIFunctionDeclaration
    {
        public override string Name { get; } = declaration.Name;

        public override string Description { get; } = declaration.Description;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } = Copy(declaration.AdditionalProperties);

        public override JsonElement JsonSchema { get; } = declaration.JsonSchema.Clone();

        public override JsonElement? ReturnJsonSchema { get; } = declaration.ReturnJsonSchema?.Clone();

        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            base.GetService(serviceType, serviceKey) ?? declaration.GetService(serviceType, serviceKey);
    }
}
