using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenAI;

namespace SpendGuard.AspNetCore.Tests.Documentation;

/// <summary>The code of references/aspnetcore.md, which has to compile.</summary>
internal static class Snippets
{
    public static void Program(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddSpendGuard();
        builder.Services.AddHealthChecks().AddSpendGuard();
        builder.Services.AddChatClient(new OpenAIClient(builder.Configuration["OPENAI_API_KEY"]!).GetChatClient("gpt-4o-mini").AsIChatClient())
            .UseFunctionInvocation()
            .UseSpendGuard(AgentFrom.User());

        var app = builder.Build();
        app.UseExceptionHandler();
        app.MapHealthChecks("/health");
        app.MapPost("/chat", async (IChatClient chat, string question) => (await chat.GetResponseAsync(question)).Text);
        app.Run();
    }

    public static void Postgres(HostApplicationBuilder builder)
    {
        builder.AddSpendGuard(postgres: PostgresOptionsExtensions.UsePostgres);
    }
}
