/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last 256 bytes below 4 GiB, where the CPU starts. Switch to protected mode and jump to the
 * 32-bit entry point of the kernel (Documentation/arch/x86/boot.rst, "32-bit Boot Protocol"). The
 * host program sets the two addresses at the start of this block.
 */
#define TOP_LOW 0xff00
#define TOP 0xffffff00

	.text
	.code16
rom:	.long 0			/* address of boot_params */
	.long 0			/* entry point of the kernel */

start16:
	cli
	cld
	lgdtl %cs:(gdtr - rom + TOP_LOW)
	mov %cr0, %eax
	or $1, %al
	mov %eax, %cr0
	ljmpl $0x10, $(start32 - rom + TOP)

	.code32
start32:
	mov $0x18, %ax
	mov %ax, %ds
	mov %ax, %es
	mov %ax, %fs
	mov %ax, %gs
	mov %ax, %ss
	mov $0x8000, %esp
	xor %ebp, %ebp
	xor %edi, %edi
	xor %ebx, %ebx
	/* Set up virtual wire mode, as firmware does: 8259 interrupts on LINT0, NMIs on LINT1. */
	movl $0x1ff, 0xfee000f0
	movl $0x8700, 0xfee00350
	movl $0x400, 0xfee00360
	mov TOP, %esi
	mov TOP + 4, %eax
	jmp *%eax

	.balign 8
gdt:	.quad 0, 0, 0x00cf9a000000ffff, 0x00cf92000000ffff
gdtr:	.word 31
	.long gdt - rom + TOP

	.org 0xf0
	.code16
	.byte 0xe9
	.word start16 - (. + 2)
	.org 0x100
