using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using OpenAI;
using SpendGuard.SemanticKernel.Tests.Plugins;

namespace SpendGuard.SemanticKernel.Tests.Documentation;

/// <summary>The code of references/semantic-kernel.md, so that it compiles. The documentation tests hold the two together.</summary>
internal static class Snippets
{
    public static Kernel Build(OpenAIClient openAI)
    {
        var builder = Kernel.CreateBuilder();
        builder.AddOpenAIChatClient("gpt-4o-mini", openAI);
        builder.Plugins.AddFromType<SearchPlugin>("search");
        builder.Services.AddSpendGuard(o => o.UseSqlite("spendguard.db"));
        builder.AddSpendGuard("researcher");
        Kernel kernel = builder.Build();
        return kernel;
    }

    public static async Task AskAsync(Kernel kernel, string question)
    {
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
        FunctionResult answer = await kernel.InvokePromptAsync(question, new KernelArguments(settings));
        Console.WriteLine(answer);
    }

    public static async Task CapAsync(SpendGuardEngine guard, Kernel kernel, string question, PromptExecutionSettings settings)
    {
        using var run = guard.BeginRun("researcher", maxCost: Money.FromDollars(2));
        Console.WriteLine(await kernel.InvokePromptAsync(question, new KernelArguments(settings)));
    }

    public static void AskForTheBudget(IKernelBuilder builder)
    {
        builder.AddSpendGuard("researcher", configure: o => o.AddBudgetFunction());
    }

    public static void Allow(IKernelBuilder builder)
    {
        builder.AddSpendGuard("researcher", configure: o => o.AllowedServices.Add(typeof(LocalModel)));
    }

    public static void Configure(IKernelBuilder builder)
    {
        builder.AddSpendGuard("researcher", configure: o => o
            .ConfigureChatClient(chat => chat.ServiceTier = "default")
            .ConfigureEmbeddingGenerator(generator => generator.Model = "text-embedding-3-small"));
    }

    public static void Price(IKernelBuilder builder)
    {
        builder.AddSpendGuard("researcher", configure: o => o
            .AddToolBudget("search", "web", price: Money.FromCents(1), maxCalls: 20));
    }

    private sealed class LocalModel;
}
