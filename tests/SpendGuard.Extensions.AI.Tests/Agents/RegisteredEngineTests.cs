#pragma warning disable MEAI001 // Images and speech are for evaluation only.

using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace SpendGuard.Extensions.AI.Tests.Agents;

/// <summary>A pipeline of any kind that is built without an engine says what is missing.</summary>
public sealed class RegisteredEngineTests
{
    private static readonly Dictionary<string, Action<IServiceProvider?>> Pipelines = new(StringComparer.Ordinal)
    {
        ["chat"] = services => Nothing<IChatClient>().AsBuilder().UseSpendGuard("a").Build(services),
        ["chat of a team"] = services => Nothing<IChatClient>().AsBuilder().UseSpendGuard(() => "a").Build(services),
        ["embeddings"] = services => Nothing<IEmbeddingGenerator<string, Embedding<float>>>().AsBuilder().UseSpendGuard("a").Build(services),
        ["images"] = services => Nothing<IImageGenerator>().AsBuilder().UseSpendGuard("a").Build(services),
        ["speech to text"] = services => Nothing<ISpeechToTextClient>().AsBuilder().UseSpendGuard("a").Build(services),
        ["text to speech"] = services => Nothing<ITextToSpeechClient>().AsBuilder().UseSpendGuard("a").Build(services),
    };

    public static TheoryData<string> Kinds() => [.. Pipelines.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Build_WithoutServices_SaysWhatIsMissing(string kind)
    {
        using var empty = new ServiceCollection().BuildServiceProvider();
        foreach (var (services, cure) in new[] { (null, "Build it with those that AddSpendGuard was called on: Build(serviceProvider)."), (empty, "Call AddSpendGuard on them") })
        {
            var failure = Assert.Throws<InvalidOperationException>(() => Pipelines[kind](services));

            Assert.StartsWith("No SpendGuard engine is registered with the services", failure.Message, StringComparison.Ordinal);
            Assert.Contains(cure, failure.Message, StringComparison.Ordinal);
        }
    }

    private static T Nothing<T>()
        where T : class => System.Reflection.DispatchProxy.Create<T, Nobody>();

    /// <summary>A client that is never called.</summary>
    public class Nobody : System.Reflection.DispatchProxy
    {
        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args) => null;
    }
}
