using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace SpendGuard.SemanticKernel.Tests;

/// <summary>Short words for what most tests do: ask, streamed or not, and gather what is said.</summary>
internal static class Asking
{
    public static async Task<string> PromptAsync(this Kernel kernel, string prompt, PromptExecutionSettings settings, bool stream)
    {
        if (!stream)
        {
            return (await kernel.InvokePromptAsync(prompt, new KernelArguments(settings))).ToString();
        }

        var said = new StringBuilder();
        await foreach (var update in kernel.InvokePromptStreamingAsync(prompt, new KernelArguments(settings)))
        {
            said.Append(update);
        }

        return said.ToString();
    }

    public static async Task<string> SayAsync(this IChatClient client, string question, bool stream, ChatOptions? options = null)
    {
        if (!stream)
        {
            return (await client.GetResponseAsync(question, options)).Text;
        }

        return (await client.GetStreamingResponseAsync(question, options).ToChatResponseAsync()).Text;
    }

    public static async Task<string> SayAsync(
        this IChatCompletionService chat, string question, PromptExecutionSettings? settings, Kernel? kernel, bool stream)
    {
        if (!stream)
        {
            return (await chat.GetChatMessageContentAsync(question, settings, kernel)).Content ?? "";
        }

        var said = new StringBuilder();
        await foreach (var update in chat.GetStreamingChatMessageContentsAsync(question, settings, kernel))
        {
            said.Append(update.Content);
        }

        return said.ToString();
    }
}
